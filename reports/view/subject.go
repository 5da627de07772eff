package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// Repeat is the command that makes the load of a run again: the flags of its spec.
func Repeat(m *run.Manifest) string {
	words := []string{"occbench", "validate"}
	for _, f := range m.Spec.Flags() {
		if f.Name == "duration" && m.UntilDecided {
			words, f.Name = append(words, "--until-decided"), "max-duration"
		}
		words = append(words, "--"+f.Name)
		if f.Text != "" {
			words = append(words, quoted(Clean(f.Text)))
		}
	}
	return strings.Join(words, " ")
}

// quoted makes a word safe to paste into a POSIX shell.
func quoted(s string) string {
	safe := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:,=@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func Target(m *run.Manifest) string {
	text := fmt.Sprintf("%s, build %s", OrUnknown(m.Spec.Target), Short(OrUnknown(m.TargetBuild), 60))
	if m.Spec.Store != "" {
		text += ", store " + Clean(m.Spec.Store)
	}
	if m.Spec.Fault != "" {
		text += ", broken on purpose by " + Clean(m.Spec.Fault)
	}
	return text
}

// Model names the load model. In a closed one the operators wait for a slow
// server, so its latencies are those that so many patient operators feel.
func Model(c *run.Spec) string {
	switch {
	case c.RampTo > 0:
		return fmt.Sprintf("a ramp from %g to %g turns a second (open model)", c.Rate, c.RampTo)
	case c.Rate > 0:
		return fmt.Sprintf("%g turns a second (open model)", c.Rate)
	}
	return amount.Plural(c.Operators, "patient operator", "patient operators") + " (closed model)"
}

// MeasuredLength says how long the load is measured, and what is before that.
func MeasuredLength(c *run.Spec) string {
	if c.WarmupAuto {
		return Length(c.Duration) + ", less what MSER-5 takes for warm-up"
	}
	return fmt.Sprintf("%s after %s of warm-up", Length(c.Duration-c.Warmup), Length(c.Warmup))
}

func Cards(n int) string {
	if n == 0 {
		return "all cards"
	}
	return amount.Plural(n, "card", "cards")
}

func Pace(n *measure.Numbers) string {
	text := fmt.Sprintf(
		"%s in %s, %.1f a second, by %s on %s",
		amount.Plural(n.Attempts, "move", "moves"),
		amount.Seconds(n.WindowS),
		n.AttemptsPerS,
		amount.Plural(n.OperatorsSeen, "operator", "operators"),
		amount.Plural(n.CardsSeen, "card", "cards"),
	)
	if h := n.Hottest; h != nil {
		text += fmt.Sprintf("; card %s took %s of them", Short(h.Card, 24), amount.Percent(h.Share))
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

// OrUnknown cleans a text and names its absence.
func OrUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return Clean(s)
}

// Length writes a duration as Go does, without the zeros at its end: 1m, not
// 1m0s.
func Length(d time.Duration) string { return run.FormatDuration(d) }
