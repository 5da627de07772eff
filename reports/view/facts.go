package view

import (
	"fmt"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/noun"
)

// DescribeChecked says what the checker examined.
func DescribeChecked(r *check.Report, w noun.Words) string {
	return fmt.Sprintf(
		"%s, %s and %s of the recording were checked against %d invariants.",
		amount.Plural(int(r.Operations), "operation", "operations"),
		w.CountUpdates(int(r.Updates)),
		w.CountRecords(r.Records),
		len(check.Invariants()),
	)
}

// ListRecovery returns how turns with a conflict ended; nil when there was
// none.
func ListRecovery(run Run) []Fact {
	if run.Numbers == nil || run.Numbers.Recovery.Turns == 0 {
		return nil
	}
	r := run.Numbers.Recovery
	all := []Fact{{"turns with a conflict", amount.Count(r.Turns)}}
	for _, f := range fateCounts(r, run.Words) {
		all = append(all, Fact{f.fate, amount.Count(f.turns)})
	}
	if r.Recovered() > 0 {
		all = append(
			all,
			Fact{
				"from the refusal to recovery",
				fmt.Sprintf(
					"median %s, p95 %s, worst %s",
					amount.MillisecondsIfAny(r.MedianMS),
					amount.MillisecondsIfAny(r.P95MS),
					amount.MillisecondsIfAny(r.WorstMS),
				),
			},
			Fact{run.Words.Updates() + " used", DescribeAttempts(r.Attempts)},
		)
	}
	return all
}

// Fact is a name and a value.
type Fact struct{ Name, Value string }

// ListContention returns the declared load and its results.
func ListContention(run Run) []Fact {
	w := run.Words
	var all []Fact
	if m := run.Manifest; m != nil {
		c := &m.Spec
		all = append(
			all,
			Fact{"scenario", OrUnknown(c.Scenario)},
			Fact{"load", NameModel(c)},
			Fact{"length", DescribeLength(c)},
			Fact{w.Records(), DescribeRecords(c, w)},
			Fact{"pick, walk", c.Pick.String() + ", " + c.Walk.String() + DescribeOperators(c, w)},
			Fact{"think, pause", formatDelay(c.Think) + ", " + formatDelay(c.Pause)},
			Fact{"retries", DescribeRetries(c, w)},
			Fact{"races", DescribeRaces(c, w)},
			Fact{"timeout", FormatLength(c.Timeout)},
		)
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		all = append(all, Fact{"measured", DescribePace(n, w)})
	}
	return append(all, compareConflicts(run)...)
}

// compareConflicts returns the conflicts beside those that a correct server
// would have, for formats that consist only of names and values.
func compareConflicts(run Run) []Fact {
	c := run.Verdict.Contention
	if c == nil {
		return nil
	}
	seen := fmt.Sprintf("%s (%s)", amount.Percent(c.Observed), c.Agreement)
	if c.IsDependent() {
		seen += fmt.Sprintf(
			", by a bootstrap over the %s %s to %s",
			run.Words.Records(),
			amount.Percent(c.Block.Lower),
			amount.Percent(c.Block.Upper),
		)
	}
	return []Fact{
		{
			"conflicts predicted",
			fmt.Sprintf("%s (%s to %s)", amount.Percent(c.Predicted), amount.Percent(c.Lower), amount.Percent(c.Upper)),
		},
		{"conflicts observed", seen},
		{
			"hottest " + run.Words.One(),
			fmt.Sprintf(
				"%s, predicted %s, observed %s",
				ShortenText(c.Hottest.Record, 24),
				amount.Percent(c.Hottest.Predicted),
				amount.Percent(c.Hottest.Observed),
			),
		},
	}
}

// ListProvenance returns where the run comes from.
func ListProvenance(run Run) []Fact {
	var all []Fact
	if run.Directory != "" {
		all = append(all, Fact{"run", run.Directory})
	}
	m := run.Manifest
	if m == nil {
		return all
	}
	all = append(all,
		Fact{"target", DescribeTarget(m)},
		Fact{"started", formatTime(m.Start)},
		Fact{"ended", formatTime(m.End)},
		Fact{"made with", fmt.Sprintf("occbench %s, k6 %s", OrUnknown(m.ToolVersion), OrUnknown(m.K6Version))},
		Fact{"random seed", strconv.FormatUint(m.Spec.RandSeed, 10)})
	if m.Dialect != "" {
		all = append(all, Fact{"dialect", m.Dialect})
	}
	return all
}

// formatTime writes a time in UTC; the zero time is written as unknown.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
