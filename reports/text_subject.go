package reports

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// textSubject shows what was run, against which build, under which contention.
func textSubject(b *strings.Builder, run Run) error {
	b.WriteString("\nWhat was run\n")
	if run.Manifest == nil {
		hang(b, "  ", "unknown: the manifest is missing")
	} else {
		subject(b, run.Manifest)
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		hang(b, "  measured  ", pace(n))
	}
	return nil
}

func subject(b *strings.Builder, m *run.Manifest) {
	c := &m.Spec
	for _, line := range []struct{ label, text string }{
		{"target", target(m)},
		{"scenario", fmt.Sprintf("%s, %s for %s, started %s",
			orUnknown(c.Scenario), model(c), measuredLength(c), m.Start.UTC().Format("2006-01-02 15:04:05 UTC"))},
		{"cards", fmt.Sprintf("%s of %s tagged %s, pick %s, walk %s%s", cards(c.Cards), orUnknown(c.Date), orUnknown(c.Tag), c.Pick, c.Walk, held(c))},
		{"patience", patience(c) + ", timeout " + length(c.Timeout)},
		{"retries", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, length(c.Budget), orUnknown(c.Backoff.String()))},
		{"races", races(c)},
		{"repeat", fmt.Sprintf("--rand-seed %d, with occbench %s, k6 %s", c.RandSeed, orUnknown(m.ToolVersion), orUnknown(m.K6Version))},
	} {
		hang(b, fmt.Sprintf("  %-10s", line.label), line.text)
	}
}

func target(m *run.Manifest) string {
	text := fmt.Sprintf("%s, build %s", orUnknown(m.Spec.Target), short(orUnknown(m.TargetBuild), 60))
	if m.Spec.Store != "" {
		text += ", store " + clean(m.Spec.Store)
	}
	if m.Spec.Fault != "" {
		text += ", broken on purpose by " + clean(m.Spec.Fault)
	}
	return text
}

// model names the load model. In a closed one the operators wait for a slow
// server, so its latencies are those that so many patient operators feel.
func model(c *run.Spec) string {
	switch {
	case c.RampTo > 0:
		return fmt.Sprintf("a ramp from %g to %g turns a second (open model)", c.Rate, c.RampTo)
	case c.Rate > 0:
		return fmt.Sprintf("%g turns a second (open model)", c.Rate)
	}
	return amount.Plural(c.Operators, "patient operator", "patient operators") + " (closed model)"
}

// measuredLength says how long the load is measured, and what is before that.
func measuredLength(c *run.Spec) string {
	if c.WarmupAuto {
		return length(c.Duration) + ", less what MSER-5 takes for warm-up"
	}
	return fmt.Sprintf("%s after %s of warm-up", length(c.Duration-c.Warmup), length(c.Warmup))
}

func cards(n int) string {
	if n == 0 {
		return "all cards"
	}
	return amount.Plural(n, "card", "cards")
}

func pace(n *measure.Numbers) string {
	text := fmt.Sprintf("%s in %s, %.1f a second, by %s on %s", amount.Plural(n.Attempts, "move", "moves"), amount.Seconds(n.WindowS), n.AttemptsPerS,
		amount.Plural(n.OperatorsSeen, "operator", "operators"), amount.Plural(n.CardsSeen, "card", "cards"))
	if h := n.Hottest; h != nil {
		text += fmt.Sprintf("; card %s took %s of them", short(h.Card, 24), amount.Percent(h.Share))
	}
	if warm := total(n.Warmup) + n.WarmupReads; warm > 0 {
		text += fmt.Sprintf("; the warm-up's %s and %s are in no number",
			amount.Plural(total(n.Warmup), "move", "moves"), amount.Plural(n.WarmupReads, "read", "reads"))
	}
	return text
}

// delay writes a distribution and names its absence.
func delay(d workload.Delay) string {
	if d == nil {
		return "unknown"
	}
	return d.String()
}

// orUnknown cleans a text and names its absence.
func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return clean(s)
}
