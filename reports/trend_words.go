package reports

import (
	"fmt"
	"math"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/trend"
)

// blocks draw a value as a height.
var blocks = []rune("▁▂▃▄▅▆▇█")

// sparkline draws one character per run, and a bar before each change. What is
// absent is a dot.
func sparkline(m trend.Metric) string {
	low, high := ends(m.Values)
	changed := map[int]bool{}
	for _, c := range m.Changes {
		changed[c.At] = true
	}
	var b strings.Builder
	for i, v := range m.Values {
		if changed[i] {
			b.WriteRune('│')
		}
		switch {
		case v == nil:
			b.WriteRune('·')
		case high <= low:
			b.WriteRune(blocks[0])
		default:
			b.WriteRune(blocks[int(math.Round((*v-low)/(high-low)*float64(len(blocks)-1)))])
		}
	}
	return b.String()
}

// ends returns the least and the greatest value.
func ends(values []*float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v != nil {
			low, high = min(low, *v), max(high, *v)
		}
	}
	return low, high
}

// latest returns the last of the values that a drawing has room for, with their
// changes.
func latest(m trend.Metric, room int) trend.Metric {
	drop := len(m.Values) - room
	if drop <= 0 {
		return m
	}
	cut := trend.Metric{Name: m.Name, Values: m.Values[drop:]}
	for _, c := range m.Changes {
		if c.At >= drop {
			c.At -= drop
			cut.Changes = append(cut.Changes, c)
		}
	}
	return cut
}

// changeWords says where a metric changed, and with which build.
func changeWords(m trend.Metric, c trend.Change) string {
	word := "better"
	if c.Worse {
		word = "worse"
	}
	text := fmt.Sprintf("%s since %s: %s after %s", word, clean(c.Run), m.Unit.Write(&c.After), m.Unit.Write(&c.Before))
	if c.Build == c.BuildBefore {
		text += fmt.Sprintf(", with the build as it was (%s)", short(orNone(c.Build), 60))
	} else {
		text += fmt.Sprintf(", with build %s after %s", short(orNone(c.Build), 60), short(orNone(c.BuildBefore), 60))
	}
	return text + fmt.Sprintf(" (p = %.2g)", c.P)
}

// turning says in a sentence what changed over all metrics.
func turning(r trend.Report) string {
	n := 0
	for _, m := range r.Metrics {
		n += len(m.Changes)
	}
	runs := len(r.Comparable())
	switch {
	case len(r.Runs) == 0:
		return "There is no run in " + clean(r.Directory) + "."
	case n > 0:
		return fmt.Sprintf("%s in %s.", reason.Capital(amount.Plural(n, "change", "changes")), amount.Plural(runs, "comparable run", "comparable runs"))
	case runs < trend.Least:
		return fmt.Sprintf("%s: too few to tell whether anything changed.", amount.Plural(runs, "comparable run", "comparable runs"))
	}
	return fmt.Sprintf("No change in %s.", amount.Plural(runs, "comparable run", "comparable runs"))
}

// builds is what a run tested; a fault on purpose stands behind the build.
func builds(r trend.Run) string {
	text := r.Build
	if r.Fault != "" {
		text = strings.TrimSpace(short(text, 8) + " !" + r.Fault)
	}
	return short(text, 16)
}

// judgement is a run's verdict as a word.
func judgement(r trend.Run) string {
	if r.Verdict == "" {
		return amount.Absent
	}
	return short(string(r.Verdict), 12)
}
