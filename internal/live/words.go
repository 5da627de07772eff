package live

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
)

// FormatLine returns a snapshot as a line for a log: `12 s of 60 s · 480 moves
// · 4.0 % conflicts (4.1 % expected) · 0 errors · p95 12 ms · no anomaly`. It
// shows `3 of 5 gates decided` when their decision ends the load; for the
// whole load other bounds apply, which decide more.
func FormatLine(s Snapshot) string {
	if s.Broken != "" {
		return makePrintable(formatClock(s.Elapsed, s.Total) + " · " + s.Broken)
	}
	if s.isUncounted() {
		return formatClock(s.Elapsed, s.Total) + " · " + s.describeUncounted()
	}
	parts := []string{formatClock(s.Elapsed, s.Total), s.Words.CountUpdates(s.Attempts)}
	if s.Attempts == 0 && s.WarmAttempts > 0 {
		parts[1] = s.Words.CountUpdates(s.WarmAttempts) + " in the warm-up"
	}
	if s.Decided > 0 {
		conflicts := formatRate(s.Conflicts, s.Decided) + " conflicts"
		if s.Expected != nil {
			conflicts += " (" + formatPercent(*s.Expected) + " expected)"
		}
		parts = append(parts, conflicts)
	}
	if s.Attempts > 0 {
		parts = append(parts, amount.Plural(s.Errors, "error", "errors"), "p95 "+amount.MillisecondsIfAny(s.P95MS))
	}
	switch {
	case len(s.Anomalies) > 0:
		parts = append(parts, listAnomalies(s.Anomalies))
	case s.Looked:
		parts = append(parts, "no anomaly")
	}
	if s.Early && len(s.Gates) > 0 {
		decided := 0
		for _, g := range s.Gates {
			if g.Decided != "" {
				decided++
			}
		}
		parts = append(parts, fmt.Sprintf("%d of %d gates decided", decided, len(s.Gates)))
	}
	if s.Ending != "" {
		parts = append(parts, "ending: "+s.Ending)
	}
	return makePrintable(strings.Join(parts, " · "))
}

func listAnomalies(all []Anomaly) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, fmt.Sprintf("%s %s × %s", a.ID, a.Title, amount.Count(a.Count)))
	}
	return strings.Join(parts, ", ")
}

// formatRate writes a percentage with one decimal, so that its width does not
// change while it is watched.
func formatRate(hits, n int) string {
	if n == 0 {
		return amount.Absent
	}
	return formatPercent(float64(hits) / float64(n))
}

func formatPercent(ratio float64) string { return fmt.Sprintf("%.1f %%", 100*ratio) }
