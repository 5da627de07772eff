package view

import (
	"fmt"
	"math"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/trend"
)

// FindRange returns the smallest and the largest value.
func FindRange(values []*float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v != nil {
			low, high = min(low, *v), max(high, *v)
		}
	}
	return low, high
}

// KeepLatest returns a metric with the latest values only, as many as a
// drawing has room for, and with the changes among them.
func KeepLatest(m trend.Metric, room int) trend.Metric {
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

// ChangeWords says where a metric changed, and with which build.
func ChangeWords(m trend.Metric, c trend.Change) string {
	word := "better"
	if c.Worse {
		word = "worse"
	}
	text := fmt.Sprintf("%s since %s: %s after %s", word, c.Run, m.Unit.Write(&c.After), m.Unit.Write(&c.Before))
	if c.Build == c.BuildBefore {
		text += fmt.Sprintf(", with the build as it was (%s)", ShortenText(OrNone(c.Build), 60))
	} else {
		text += fmt.Sprintf(", with build %s after %s", ShortenText(OrNone(c.Build), 60), ShortenText(OrNone(c.BuildBefore), 60))
	}
	return text + fmt.Sprintf(" (p = %.2g)", c.P)
}

// DescribeChanges says in a sentence what changed, over all metrics.
func DescribeChanges(r trend.Report) string {
	n := 0
	for _, m := range r.Metrics {
		n += len(m.Changes)
	}
	runs := len(r.ListComparable())
	switch {
	case len(r.Runs) == 0:
		return "There is no run in " + r.Directory + "."
	case n > 0:
		return fmt.Sprintf(
			"%s in %s.",
			reason.Capitalize(amount.Plural(n, "change", "changes")),
			amount.Plural(runs, "comparable run", "comparable runs"),
		)
	case runs < trend.Least:
		return fmt.Sprintf("%s: too few to tell whether anything changed.", amount.Plural(runs, "comparable run", "comparable runs"))
	}
	return fmt.Sprintf("No change in %s.", amount.Plural(runs, "comparable run", "comparable runs"))
}

// DescribeBuild returns the build that a run tested, followed by the
// deliberate fault if there was one.
func DescribeBuild(r trend.Run) string {
	text := r.Build
	if r.Fault != "" {
		text = strings.TrimSpace(ShortenText(text, 8) + " !" + r.Fault)
	}
	return ShortenText(text, 16)
}

// FormatVerdict returns the verdict of a run in one word.
func FormatVerdict(r trend.Run) string {
	if r.Verdict == "" {
		return amount.Absent
	}
	return ShortenText(string(r.Verdict), 12)
}
