package live

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/gate"
)

// absent stands for a number that does not exist.
const absent = "–"

// Line is a snapshot in a line for a log:
// `12 s of 60 s · 480 moves · 4.0 % conflicts (4.1 % predicted) · 0 errors · p95 12 ms · no anomaly · 3 of 5 gates decided`.
func Line(s Snapshot) string {
	if s.Broken != "" {
		return printable(clock(s.Elapsed, s.Total) + " · " + s.Broken)
	}
	parts := []string{clock(s.Elapsed, s.Total), plural(s.Moves, "move", "moves")}
	if s.Moves == 0 && s.WarmMoves > 0 {
		parts[1] = plural(s.WarmMoves, "move", "moves") + " in the warm-up"
	}
	if s.Decided > 0 {
		conflicts := rate(s.Conflicts, s.Decided) + " conflicts"
		if s.Predicted != nil {
			conflicts += " (" + percent(*s.Predicted) + " predicted)"
		}
		parts = append(parts, conflicts)
	}
	if s.Moves > 0 {
		parts = append(parts, plural(s.Errors, "error", "errors"), "p95 "+orAbsent(s.P95MS))
	}
	switch {
	case len(s.Anomalies) > 0:
		parts = append(parts, anomalies(s.Anomalies))
	case s.Looked:
		parts = append(parts, "no anomaly")
	}
	if len(s.Gates) > 0 {
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
	return printable(strings.Join(parts, " · "))
}

func anomalies(all []Anomaly) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, fmt.Sprintf("%s %s × %s", a.ID, a.Title, gate.Count(a.Count)))
	}
	return strings.Join(parts, ", ")
}

func orAbsent(ms *float64) string {
	if ms == nil {
		return absent
	}
	return gate.Milliseconds(*ms)
}

// rate keeps one decimal, so that a number that is watched does not jump in
// width.
func rate(hits, n int) string {
	if n == 0 {
		return absent
	}
	return percent(float64(hits) / float64(n))
}

func percent(ratio float64) string { return fmt.Sprintf("%.1f %%", 100*ratio) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return gate.Count(n) + " " + many
}
