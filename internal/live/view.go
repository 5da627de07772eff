package live

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// Style is how a frame may be drawn.
type Style struct {
	Width, Height int // of the terminal, in cells
	Color         bool
}

// Narrower terminals than these get fewer things, not broken lines.
const (
	roomForBar   = 60
	roomForWords = 50
	widest       = 96
)

// View draws a snapshot as lines, none of them wider than the style and never
// more than fit above the cursor. A terminal that is too low for all of it gets
// the plain line.
func View(s Snapshot, style Style) []string {
	v := view{Snapshot: s, style: style}
	v.style.Width = min(style.Width, widest)
	v.head()
	if s.Stage >= Load {
		v.numbers()
		v.gates()
	}
	if len(v.lines) >= style.Height {
		v.lines = nil
		v.add(Line(s))
	}
	return v.lines
}

// view collects the lines of one frame.
type view struct {
	Snapshot
	style Style
	lines []string
}

// add appends a line, cut to the width of the terminal.
func (v *view) add(text string) { v.lines = append(v.lines, cut(text, v.style.Width)) }

// head says what is being done.
func (v *view) head() {
	parts := make([]string, 0, len(stages))
	for i, name := range stages {
		switch stage := Stage(i); {
		case stage < v.Stage:
			parts = append(parts, v.paint(quiet, "✓ "+name))
		case stage == v.Stage:
			parts = append(parts, v.paint(bold, "▸ "+name))
		default:
			parts = append(parts, v.paint(quiet, "· "+name))
		}
	}
	v.add(strings.Join(parts, "  "))
	if v.Target != "" {
		v.add(v.paint(quiet, "  "+v.Target))
	}
}

// numbers is the load so far.
func (v *view) numbers() {
	v.add("")
	v.row("time", v.time())
	v.row("moves", v.moves())
	v.row("conflicts", v.conflicts())
	v.row("p95", v.p95())
	v.row("errors", v.errors())
	v.row("anomalies", v.anomalies())
	switch {
	case v.Broken != "":
		v.row("", v.paint(bad, v.Broken))
	case v.Ending != "" && v.Stage == Load:
		v.row("", v.paint(unsure, "ending: "+v.Ending))
	}
}

func (v *view) row(name, words string) { v.add(fmt.Sprintf("  %-13s %s", name, words)) }

func (v *view) time() string {
	text := clock(v.Elapsed, v.Total)
	if v.Stage == Load && v.Elapsed < v.Warmup {
		text += ", warming up"
	}
	if v.style.Width < roomForBar || v.Total <= 0 {
		return text
	}
	const cells = 24
	full := int(cells * min(v.Elapsed, v.Total) / v.Total)
	return strings.Repeat("█", full) + v.paint(quiet, strings.Repeat("░", cells-full)) + "  " + text
}

// clock never shows more than the declared length: waiting for answers and the
// last audit come after it and are no progress of the load.
func clock(elapsed, total time.Duration) string {
	return fmt.Sprintf("%.0f s of %.0f s", min(elapsed, total).Seconds(), total.Seconds())
}

func (v *view) moves() string {
	if v.Moves == 0 && v.WarmMoves > 0 {
		return fmt.Sprintf("none counted yet, %s in the warm-up", amount.Count(v.WarmMoves))
	}
	text := amount.Count(v.Moves)
	if v.PerSecond > 0 {
		text += fmt.Sprintf(", %.1f a second", v.PerSecond)
	}
	return text
}

func (v *view) conflicts() string {
	text := rate(v.Conflicts, v.Decided)
	if v.Predicted != nil {
		text += ", " + percent(*v.Predicted) + " predicted"
	}
	return text
}

func (v *view) p95() string {
	switch {
	case v.P95MS != nil:
		return amount.Milliseconds(*v.P95MS)
	case v.Unanswered:
		return v.paint(bad, "none: too many moves have no answer")
	}
	return amount.Absent
}

func (v *view) errors() string {
	if v.Errors == 0 {
		return "none"
	}
	return v.paint(bad, amount.Count(v.Errors)+" of "+amount.Count(v.Moves))
}

func (v *view) anomalies() string {
	switch {
	case len(v.Anomalies) > 0:
		return v.paint(bad, anomalies(v.Anomalies))
	case v.Looked:
		return "none so far"
	}
	return "not looked for yet"
}

// gates says where each of them stands.
func (v *view) gates() {
	if len(v.Gates) == 0 {
		return
	}
	v.add("")
	for _, g := range v.Gates {
		word, color := "deciding", quiet
		switch g.Decided {
		case gate.Pass:
			word, color = "decided: PASS", good
		case gate.Fail:
			word, color = "decided: FAIL", bad
		case gate.Inconclusive:
			word, color = "INCONCLUSIVE", unsure
		}
		text := fmt.Sprintf("  %-13s %s", g.Name, v.paint(color, fmt.Sprintf("%-13s", word)))
		if words := standing(g); words != "" && v.style.Width >= roomForWords {
			text += "  " + words
		}
		v.add(strings.TrimRight(text, " "))
	}
}

// standing is the interval of a gate against its limit. What only counts is
// open to the end: the next call may be the first bad one.
func standing(g Gate) string {
	rule := gate.RuleOf(g.Name)
	later := ""
	if g.Decided == "" {
		later = "decided when the run is over"
	}
	switch {
	case rule.Kind == gate.Every && g.N > 0 && g.Estimate != nil:
		return joined(percent(*g.Estimate)+" of "+amount.Plural(g.N, rule.Cases[0], rule.Cases[1]), later)
	case rule.Kind == gate.Every:
		return "no " + rule.Cases[0] + " yet"
	case rule.Kind != gate.Bounded:
		return later
	case g.N == 0:
		return ""
	case g.Upper == nil:
		return "no upper bound yet, limit " + g.Write(&g.Limit)
	}
	low := 0.0
	if g.Lower != nil {
		low = *g.Lower
	}
	return fmt.Sprintf("%s to %s, limit %s", g.Write(&low), g.Write(g.Upper), g.Write(&g.Limit))
}

// joined lists the texts that are not empty.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), ", ")
}
