package live

import (
	"fmt"
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

// DrawView returns a snapshot as lines, none of them wider than the style
// allows and no more than fit above the cursor. On a terminal that is too low
// for them it returns the plain line.
func DrawView(s Snapshot, style Style) []string {
	v := view{Snapshot: s, style: style}
	v.style.Width = min(style.Width, widest)
	v.addHead()
	if s.Stage >= Load {
		v.addNumbers()
		v.addGates()
	}
	if len(v.lines) >= style.Height {
		v.lines = nil
		v.addLine(FormatLine(s))
	}
	return v.lines
}

// view collects the lines of one frame.
type view struct {
	Snapshot
	style Style
	lines []string
}

// addLine appends a line, cut to the width of the terminal.
func (v *view) addLine(text string) { v.lines = append(v.lines, cutLine(text, v.style.Width)) }

// addHead adds the line about the present stage.
func (v *view) addHead() {
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
	v.addLine(strings.Join(parts, "  "))
	if v.Target != "" {
		v.addLine(v.paint(quiet, "  "+v.Target))
	}
}

// addNumbers adds the numbers of the load so far.
func (v *view) addNumbers() {
	v.addLine("")
	v.addRow("time", v.formatTime())
	if v.isUncounted() {
		v.addRow(v.Words.Updates(), v.describeUncounted())
		v.addEnding()
		return
	}
	v.addRow(v.Words.Updates(), v.formatUpdates())
	v.addRow("conflicts", v.formatConflicts())
	v.addRow("p95", v.formatP95())
	v.addRow("errors", v.formatErrors())
	v.addRow("anomalies", v.formatAnomalies())
	v.addEnding()
}

// isUncounted reports whether operations are not counted yet.
func (s *Snapshot) isUncounted() bool { return s.Generators > 1 && s.Stage < Ready }

// describeUncounted says when the operations of several generators are
// counted.
func (s *Snapshot) describeUncounted() string {
	return fmt.Sprintf("counted when the %d generators have ended", s.Generators)
}

func (v *view) addEnding() {
	switch {
	case v.Broken != "":
		v.addRow("", v.paint(bad, v.Broken))
	case v.Ending != "" && v.Stage == Load:
		v.addRow("", v.paint(unsure, "ending: "+v.Ending))
	}
}

func (v *view) addRow(name, words string) { v.addLine(fmt.Sprintf("  %-13s %s", name, words)) }

func (v *view) formatTime() string {
	text := formatClock(v.Elapsed, v.Total)
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

// formatClock returns the elapsed time of the declared duration. It never
// exceeds the duration: waiting for answers and the last audit are no progress
// of the load.
func formatClock(elapsed, total time.Duration) string {
	return fmt.Sprintf("%.0f s of %.0f s", min(elapsed, total).Seconds(), total.Seconds())
}

func (v *view) formatUpdates() string {
	if v.Attempts == 0 && v.WarmAttempts > 0 {
		return fmt.Sprintf("none counted yet, %s in the warm-up", amount.Count(v.WarmAttempts))
	}
	text := amount.Count(v.Attempts)
	if v.PerSecond > 0 {
		text += fmt.Sprintf(", %.1f/s", v.PerSecond)
	}
	return text
}

func (v *view) formatConflicts() string {
	if r := v.Replayed; r != nil {
		return r.describe()
	}
	text := formatRate(v.Conflicts, v.Decided)
	if v.Expected != nil {
		text += ", " + formatPercent(*v.Expected) + " expected"
	}
	return text
}

func (v *view) formatP95() string {
	switch {
	case v.P95MS != nil:
		return amount.Milliseconds(*v.P95MS)
	case v.Unanswered:
		return v.paint(bad, "none: too many "+v.Words.Updates()+" have no answer")
	}
	return amount.Absent
}

func (v *view) formatErrors() string {
	if v.Errors == 0 {
		return "none"
	}
	return v.paint(bad, amount.Count(v.Errors)+" of "+amount.Count(v.Attempts))
}

func (v *view) formatAnomalies() string {
	switch {
	case len(v.Anomalies) > 0:
		return v.paint(bad, listAnomalies(v.Anomalies))
	case v.Looked && v.Stage == Ready:
		return "none"
	case v.Looked:
		return "none so far"
	}
	return "not looked for yet"
}

// addGates adds a line about the state of each gate.
func (v *view) addGates() {
	if len(v.Gates) == 0 {
		return
	}
	v.addLine("")
	for _, g := range v.Gates {
		word, color := v.nameStanding(&g)
		text := fmt.Sprintf("  %-13s %s", g.Name, v.paint(color, fmt.Sprintf("%-12s", word)))
		if words := v.describeStanding(g); words != "" && v.style.Width >= roomForWords {
			text += "  " + words
		}
		v.addLine(strings.TrimRight(text, " "))
	}
}

// nameStanding returns the state of a gate in a word or two. Until the run is
// over a verdict may change, except one that ends the load, and a proof.
func (v *view) nameStanding(g *Gate) (string, color) {
	result, suffix := g.Decided, ""
	switch {
	case v.Stage == Ready, gate.RuleOf(g.Name).Kind == gate.None && result == gate.Fail:
	case v.Early && result != "":
		suffix = " decided"
	default:
		result, suffix = g.Verdict, " so far"
	}
	switch result {
	case gate.Pass:
		return "PASS" + suffix, good
	case gate.Fail:
		return "FAIL" + suffix, bad
	}
	if v.Stage == Ready {
		return "INCONCLUSIVE", unsure
	}
	return "open", quiet
}

// describeStanding returns the interval of a gate against its limit, or its
// count. A gate that counts stays open to the end: the next call may be the
// first bad one.
func (v *view) describeStanding(g Gate) string {
	rule := gate.RuleOf(g.Name)
	yet := " yet"
	if v.Stage == Ready {
		yet = ""
	}
	switch {
	case v.Early && v.Stage != Ready && g.Decided != "" && g.AfterS > 0: // later looks may see other bounds
		return "after " + amount.Seconds(g.AfterS)
	case rule.Kind == gate.Every && g.N > 0 && g.Estimate != nil:
		return formatPercent(*g.Estimate) + " of " + amount.Plural(g.N, rule.Cases[0], rule.Cases[1])
	case rule.Kind == gate.Every:
		return "no " + rule.Cases[0] + yet
	case rule.Kind == gate.Same && g.Estimate != nil:
		return g.Write(g.Estimate) + " of " + g.Write(&g.Limit) + " counted"
	case rule.Kind == gate.None && g.Estimate != nil:
		return formatFound(int(*g.Estimate), g.N, &rule)
	case rule.Kind == gate.None && g.Decided == "" && v.Stage != Ready:
		return "decided by a proof, or when the run is over"
	case rule.Kind != gate.Bounded, g.N == 0:
		return ""
	case g.Upper == nil && v.Stage == Ready:
		return "no upper bound, limit " + g.Write(&g.Limit)
	case g.Upper == nil:
		return "no upper bound yet, limit " + g.Write(&g.Limit)
	}
	low := 0.0
	if g.Lower != nil {
		low = *g.Lower
	}
	return fmt.Sprintf("%s to %s, limit %s", g.Write(&low), g.Write(g.Upper), g.Write(&g.Limit))
}

// formatFound returns how many cases there were of what must not occur.
func formatFound(n, of int, rule *gate.Rule) string {
	text, within := "none", " in "
	if n > 0 {
		text = amount.Count(n)
	}
	if rule.Server { // the samples are alarms themselves
		within = " of "
	}
	return text + within + amount.Plural(of, rule.Cases[0], rule.Cases[1])
}
