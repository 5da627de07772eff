package view

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/shell"
	"github.com/occbench/occbench/internal/workload"
)

// BuildRepeatCommand returns the command that repeats the load of a run, with
// the flags of its spec.
func BuildRepeatCommand(m *run.Manifest) string {
	return buildCommand(m, func(run.Flag) bool { return true })
}

// buildCommand returns the command that repeats the load of a run, with those
// flags of its spec that are wanted.
func buildCommand(m *run.Manifest, wanted func(run.Flag) bool) string {
	words := []string{"occbench", "validate"}
	for _, f := range m.Spec.Flags() {
		if !wanted(f) {
			continue
		}
		words = append(words, "--"+f.Name)
		if f.Text != "" {
			words = append(words, shell.QuoteIfNeeded(f.Text))
		}
	}
	return strings.Join(words, " ")
}

func DescribeTarget(m *run.Manifest) string {
	text := fmt.Sprintf("%s, build %s", OrUnknown(m.Spec.Target), ShortenText(OrUnknown(m.TargetBuild), 60))
	if m.Spec.Store != "" {
		text += ", store " + m.Spec.Store
	}
	if m.Spec.Fault != "" {
		text += ", broken on purpose by " + m.Spec.Fault
	}
	return text
}

// NameModel names the load model. In a closed model the operators wait for a
// slow server, so its latencies are those of operators who wait as long as it
// takes.
func NameModel(c *run.Spec) string {
	switch {
	case c.RampTo > 0:
		return fmt.Sprintf("a ramp from %g to %g turns/s (open model)", c.Rate, c.RampTo)
	case c.Rate > 0:
		return fmt.Sprintf("%g turns/s (open model)", c.Rate)
	}
	return amount.Plural(c.Operators, "patient operator", "patient operators") + " (closed model)"
}

// DescribeLength says how long the load is measured, and what comes before
// that.
func DescribeLength(c *run.Spec) string {
	if c.WarmupAuto {
		return FormatLength(c.Duration) + ", less what MSER-5 takes for warm-up"
	}
	return fmt.Sprintf("%s after %s of warm-up", FormatLength(c.Duration-c.Warmup), FormatLength(c.Warmup))
}

// CountRecords returns the number of records with their noun.
func CountRecords(n int, w noun.Words) string {
	if n == 0 {
		return "all " + w.Records()
	}
	return w.CountRecords(n)
}

// DescribeRetries says how a turn continues after a conflict.
func DescribeRetries(c *run.Spec, w noun.Words) string {
	return fmt.Sprintf("%d %s a turn within %s, backoff %s", c.Attempts, w.Updates(), FormatLength(c.Budget), OrUnknown(c.Backoff.String()))
}

// DescribePace says how much was sent, how fast, by how many operators and on
// how many records.
func DescribePace(n *measure.Numbers, w noun.Words) string {
	text := fmt.Sprintf(
		"%s in %s, %s/s, by %s on %s",
		w.CountUpdates(n.Attempts),
		amount.Seconds(n.WindowS),
		amount.Digits(n.AttemptsPerS),
		amount.Plural(n.OperatorsSeen, "operator", "operators"),
		w.CountRecords(n.RecordsSeen),
	)
	if h := n.Hottest; h != nil {
		text += fmt.Sprintf("; %s %s took %s of them", w.One(), ShortenText(h.Record, 24), amount.Percent(h.Share))
	}
	if warm := sumOutcomes(n.Warmup) + n.WarmupReads; warm > 0 {
		text += fmt.Sprintf("; the warm-up's %s and %s are in no number",
			w.CountUpdates(sumOutcomes(n.Warmup)), amount.Plural(n.WarmupReads, "read", "reads"))
	}
	return text
}

// formatDelay writes a distribution; a missing one is unknown.
func formatDelay(d workload.Delay) string {
	if d == nil {
		return "unknown"
	}
	return d.String()
}

// OrUnknown returns a text, or a word for its absence.
func OrUnknown(s string) string {
	return cmp.Or(s, "unknown")
}

// FormatLength writes a duration as Go does, without the zeros at its end: 1m, not
// 1m0s.
func FormatLength(d time.Duration) string { return run.FormatDuration(d) }
