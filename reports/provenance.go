package reports

import (
	"fmt"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/amount"
)

// fact is a name and a value.
type fact struct{ Name, Value string }

// contention lists the declared load, and what came of it.
func contention(run Run) []fact {
	var all []fact
	if m := run.Manifest; m != nil {
		c := &m.Spec
		all = append(all,
			fact{"scenario", orUnknown(c.Scenario)},
			fact{"load", model(c)},
			fact{"length", measuredLength(c)},
			fact{"cards", cards(c.Cards) + " of " + orUnknown(c.Date) + " tagged " + orUnknown(c.Tag)},
			fact{"pick, walk", c.Pick.String() + ", " + c.Walk.String() + held(c)},
			fact{"think, pause", delay(c.Think) + ", " + delay(c.Pause)},
			fact{"retries", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, length(c.Budget), orUnknown(c.Backoff.String()))},
			fact{"races", races(c)},
			fact{"timeout", length(c.Timeout)})
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		all = append(all, fact{"measured", pace(n)})
	}
	return append(all, compared(run)...)
}

// compared sets the conflicts beside those of a correct server, for formats that
// know names and values alone.
func compared(run Run) []fact {
	c := run.Verdict.Contention
	if c == nil {
		return nil
	}
	seen := fmt.Sprintf("%s (%s)", amount.Percent(c.Observed), clean(c.Agreement))
	if c.Dependent() {
		seen += fmt.Sprintf(", by a bootstrap over the cards %s to %s", amount.Percent(c.Block.Lower), amount.Percent(c.Block.Upper))
	}
	return []fact{
		{"conflicts predicted", fmt.Sprintf("%s (%s to %s)", amount.Percent(c.Predicted), amount.Percent(c.Lower), amount.Percent(c.Upper))},
		{"conflicts observed", seen},
		{"hottest card", fmt.Sprintf("%s, predicted %s, observed %s", short(c.Hottest.Card, 24), amount.Percent(c.Hottest.Predicted), amount.Percent(c.Hottest.Observed))},
	}
}

// provenance lists where the run comes from.
func provenance(run Run) []fact {
	var all []fact
	if run.Directory != "" {
		all = append(all, fact{"run", clean(run.Directory)})
	}
	m := run.Manifest
	if m == nil {
		return all
	}
	all = append(all,
		fact{"target", target(m)},
		fact{"started", moment8601(m.Start)},
		fact{"ended", moment8601(m.End)},
		fact{"made with", fmt.Sprintf("occbench %s, k6 %s", orUnknown(m.ToolVersion), orUnknown(m.K6Version))},
		fact{"random seed", strconv.FormatUint(m.Spec.RandSeed, 10)})
	if m.Dialect != "" {
		all = append(all, fact{"dialect", clean(m.Dialect)})
	}
	return all
}

// moment8601 writes a time in UTC; the zero time is unknown.
func moment8601(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
