package text

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/proof"
	"github.com/occbench/occbench/reports/view"
)

// MostSummary is how many lines a summary has at most: fewer than the smallest terminal.
const MostSummary = 12

// Summary writes the end of a run for a terminal in at most MostSummary lines: the
// verdict with its reason, the proof, how the gates stand, what the verdict rests on,
// and where the rest is.
func (s Style) Summary(w io.Writer, run view.Run) error {
	sum := &summary{run: run, style: s, columns: s.columns()}
	for _, rows := range []struct{ fact, path int }{{2, 2}, {1, 2}, {1, 1}} { // a path that is cut cannot be copied
		sum.lines = nil
		if sum.write(rows.fact, rows.path); len(sum.lines) <= MostSummary {
			break
		}
	}
	if _, err := io.WriteString(w, strings.Join(sum.lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// OneLine writes the verdict, its reason and the run's directory in one line.
func (s Style) OneLine(w io.Writer, run view.Run) error {
	sum := &summary{run: run, style: s}
	line := fmt.Sprintf("%s  %s  %s\n", sum.formatVerdict(), describeOutcome(run), run.Directory)
	if _, err := io.WriteString(w, line); err != nil {
		return fmt.Errorf("writing the verdict: %w", err)
	}
	return nil
}

// write writes all parts with so many rows to each fact and to each path.
func (s *summary) write(rows, paths int) {
	s.writeHeadline()
	s.writeSketch()
	s.writeFacts(rows, paths)
}

type summary struct {
	run     view.Run
	style   Style
	columns int
	lines   []string
}

// writeHeadline writes the verdict with its reason, and the exit code at the
// end of the line.
func (s *summary) writeHeadline() {
	word := string(s.run.Verdict.Verdict.WorseOf(gate.Pass))
	head := markResult(s.run.Verdict.Verdict) + " " + word + "   "
	code := fmt.Sprintf("exit %d", s.run.Verdict.Verdict.ExitCode())
	room := s.columns - twwidth.Width(head)
	lines := clipLines(wrapText(describeOutcome(s.run), room-len(code)-2), 2, room)
	indent := strings.Repeat(" ", twwidth.Width(head))
	for i, line := range lines {
		text := indent + line
		if i == 0 {
			text = s.formatVerdict() + "   " + line
			text += strings.Repeat(" ", max(room-twwidth.Width(line)-len(code), 2)) + code
		}
		s.lines = append(s.lines, text)
	}
}

// formatVerdict returns the verdict after its mark, in color.
func (s *summary) formatVerdict() string {
	v := s.run.Verdict.Verdict.WorseOf(gate.Pass)
	c := color.New(color.FgYellow, color.Bold)
	switch v {
	case gate.Pass:
		c = color.New(color.FgGreen, color.Bold)
	case gate.Fail:
		c = color.New(color.FgRed, color.Bold)
	}
	if s.style.Color {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.Sprint(markResult(v) + " " + string(v))
}

func markResult(v gate.Result) string {
	switch v {
	case gate.Pass:
		return "✓"
	case gate.Fail:
		return "✗"
	}
	return "◐"
}

// describeOutcome returns the reason of a verdict in a clause.
func describeOutcome(run view.Run) string {
	v := run.Verdict
	switch {
	case v.Verdict == gate.Pass:
		return describeBasis(run)
	case v.Verdict == gate.Fail && nameGravestGate(v) == gate.AnomalyCount:
		if f := view.FindGravest(view.Anomalies(run), v); f != nil {
			return describeProven(run, f)
		}
	}
	if text := view.DescribeMissing(run); v.Verdict == gate.Inconclusive && text != "" {
		return text
	}
	if len(v.Reasons) == 0 {
		return "nothing has been decided about this run"
	}
	return view.ShortenText(v.Reasons[0].Line(), view.Longest)
}

// nameGravestGate returns the name of the gravest gate that failed.
func nameGravestGate(v gate.Verdict) string {
	for _, g := range view.SortGravestFirst(v.Gates) {
		if g.Verdict == gate.Fail {
			return g.Name
		}
	}
	return ""
}

// describeProven says which anomaly was found, and how many others there are.
func describeProven(run view.Run, f *check.Anomaly) string {
	text := f.Title + " proven"
	if f.Probed {
		text += " by the probe"
	} else if f.Count > 0 {
		text += ": " + amount.Plural(int(f.Count), "case", "cases")
	}
	others := map[check.ID]bool{}
	for _, other := range view.Anomalies(run) {
		if other.ID != f.ID {
			others[other.ID] = true
		}
	}
	if len(others) > 0 {
		text += ", and " + amount.Plural(len(others), "other invariant", "other invariants") + " broken"
	}
	return text
}

// describeBasis says in a clause which evidence a PASS has, and what was not
// tested.
func describeBasis(run view.Run) string {
	n := run.Numbers
	if n == nil {
		return "every gate that was asked is kept"
	}
	races := 0
	for _, p := range view.ListPowers(run) {
		played, _ := measure.CountMet(p.Races)
		races += played
	}
	text := strings.Join([]string{run.Words.CountUpdates(n.Attempts), amount.Plural(n.Recovery.Turns, "conflict", "conflicts"),
		amount.Plural(races, "race", "races")}, ", ")
	if r := run.Anomalies; r != nil && r.Judged {
		text = "no anomaly in " + text
	}
	return text + "; not tested: " + strings.Join(listUntested(run, n, races), ", ")
}

// listUntested returns what was not tested before a PASS.
func listUntested(run view.Run, n *measure.Numbers, races int) []string {
	all := slices.Concat(run.Verdict.SwitchedOff, run.Verdict.Tolerated)
	if n.Recovery.Turns == 0 {
		all = append(all, "conflicts")
	}
	if races == 0 {
		all = append(all, "races")
	}
	return append(all, "more than "+amount.Digits(n.AttemptsPerS)+" "+run.Words.Updates()+"/s")
}

// writeSketch writes the proof of the gravest anomaly, with at most four of
// its operations.
func (s *summary) writeSketch() {
	f := view.FindGravest(view.Anomalies(s.run), s.run.Verdict)
	if f == nil {
		return
	}
	record := s.run.Words.One() + " " + view.ShortenText(f.Record, 24)
	var lines []string
	for step := 4; step >= 2; step-- {
		if lines = sketchLines(proof.DrawSketch(f, step), record); s.fits(lines) {
			break
		}
	}
	if !s.fits(lines) { // the record has a line of its own
		lines = append([]string{"  " + record}, sketchLines(proof.DrawSketch(f, 2), "")...)
	}
	for _, line := range lines {
		s.lines = append(s.lines, strings.TrimRight(fitText(line, s.columns), " "))
	}
}

// sketchLines returns at most four lines of a picture, the first of them behind the record.
func sketchLines(all []proof.Sketch, record string) (lines []string) {
	const most = 4
	who, bar := 0, 0
	for _, line := range all {
		who, bar = max(who, len(line.Who)), max(bar, twwidth.Width(line.Bar))
	}
	for i, line := range all[:min(len(all), most)] {
		if i > 0 {
			record = strings.Repeat(" ", twwidth.Width(record))
		}
		lines = append(lines, fmt.Sprintf("  %s   %-*s  %s%s   %s", record, who, line.Who, line.Bar,
			strings.Repeat(" ", bar-twwidth.Width(line.Bar)), line.What))
	}
	return lines
}

func (s *summary) fits(lines []string) bool {
	return !slices.ContainsFunc(lines, func(line string) bool { return twwidth.Width(line) > s.columns })
}

// writeFacts writes the labelled lines below, each with at most so many rows.
func (s *summary) writeFacts(rows, paths int) {
	run := s.run
	s.writeFact("note", describeNote(run), rows)
	s.writeFact("gates", strings.Join(view.CountStandings(run.Verdict), " · "), rows)
	s.writeFact("power", strings.Join(listPower(run), "; "), rows)
	if f := view.FindGravest(view.Anomalies(run), run.Verdict); f != nil {
		s.writeFact("fix", cutToClause(f.Fix)+"   docs/invariants.md#"+strings.ToLower(f.ID.String()), rows)
	}
	if run.Script != "" {
		s.writeFact("repeat", "sh "+run.Script, paths)
	}
	if run.Directory != "" && !run.Alone {
		s.writeFact("report", filepath.Join(run.Directory, "report.html"), paths)
	}
	if command := view.BuildDecidingCommand(run); command != "" { // last: what to do next
		s.writeFact("decide", command, rows+1)
	}
}

// describeNote returns the caveats, which a reader must know before believing
// the verdict.
func describeNote(run view.Run) string {
	// The headline says that a run is partial, and one line that a demo server was broken.
	lines := slices.DeleteFunc(view.Caveats(run), func(line string) bool { return line == view.Partial })
	if m := run.Manifest; m != nil && m.Spec.Store != "" && m.Spec.Fault != "" {
		lines = append([]string{"occbench's own demo server, broken on purpose (" + view.ShortenText(m.Spec.Fault, 60) + ")"}, lines[2:]...)
	}
	return strings.Join(lines, " ")
}

// writeFact writes a line with a label, with at most so many rows.
func (s *summary) writeFact(label, text string, rows int) {
	if text == "" {
		return
	}
	head := fmt.Sprintf("  %-9s ", label)
	for i, line := range clipLines(wrapText(text, s.columns-len(head)), rows, s.columns-len(head)) {
		if i > 0 {
			head = strings.Repeat(" ", len(head))
		}
		s.lines = append(s.lines, head+line)
	}
}

// listPower returns which lost updates the races could have detected.
func listPower(run view.Run) []string {
	var all []string
	for _, p := range view.ListPowers(run) {
		all = append(all, p.By+": "+p.Brief)
	}
	return all
}

// cutToClause returns a text up to its first comma, semicolon or stop outside
// parentheses.
func cutToClause(text string) string {
	depth := 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',', ';', '.':
			if depth == 0 {
				return text[:i]
			}
		}
	}
	return reason.Capitalize(text)
}

// clipLines returns at most the given number of lines. The last one is marked
// when lines are left out.
func clipLines(lines []string, most, columns int) []string {
	if len(lines) <= most {
		return lines
	}
	kept := append([]string{}, lines[:most]...)
	kept[most-1] = strings.TrimRight(fitText(kept[most-1], columns-2), " .,;") + " …"
	return kept
}
