// Package text writes reports for a terminal: as wide as the terminal, 100 columns in a
// file, the verdict at the end, where a terminal that scrolls leaves it.
package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// Report writes all of a run for people at a terminal: from what was run to the verdict,
// which comes last; of the gates, those that pass in a line and then the others.
func (s Style) Report(w io.Writer, run view.Run) error {
	b := s.newPage()
	for _, part := range []func(*page, view.Run) error{
		writeTested, writeGenerators, writeValidity, writeContention, writeCloudWatch, writeUX, writeRecovery,
		writeOutcomes, writeSince, writeGates,
		writeProof, writeRunVerdict,
	} {
		if err := part(b, run); err != nil {
			return fmt.Errorf("writing the report as text: %w", err)
		}
	}
	if _, err := io.WriteString(w, strings.TrimLeft(b.String(), "\n")); err != nil {
		return fmt.Errorf("writing the report as text: %w", err)
	}
	return nil
}

func writeRunVerdict(b *page, run view.Run) error {
	b.WriteString("\n")
	v := run.Verdict
	title, directory := view.Headline(string(v.Verdict), v), run.Directory
	if v.Partial {
		directory += "  (partial run)"
	}
	if len(v.SwitchedOff) == 0 {
		b.WriteString(strings.TrimRight(title+"  "+directory, " ") + "\n\n")
	} else {
		b.writeLabelled("", title)
		b.WriteString(directory + "\n\n")
	}
	if lines := view.Caveats(run); len(lines) > 0 {
		for _, line := range lines {
			b.writeLabelled("  ! ", line)
		}
		b.WriteString("\n")
	}
	for _, line := range listReasons(v) {
		b.writeLabelled("  - ", view.ShortenText(line, view.Longest))
	}
	if len(v.SwitchedOff) > 0 {
		b.writeLabelled("  - ", "switched off, not judged: "+strings.Join(v.SwitchedOff, ", "))
	}
	for _, line := range view.PowerLines(run) {
		b.writeLabelled("  - ", line)
	}
	for _, note := range run.Notes {
		b.writeLabelled("  ! ", view.ShortenText(note, view.Longest))
	}
	return nil
}

// listReasons returns the reasons of the verdict; for a PASS they are the
// results of its gates.
func listReasons(v gate.Verdict) []string {
	if v.Verdict != gate.Pass {
		return reason.Lines(v.Reasons)
	}
	var lines []string
	for _, g := range v.Gates {
		lines = append(lines, g.Name+": "+g.Reason.String())
	}
	return lines
}

func writeGates(b *page, run view.Run) error {
	t := table{header: []string{"gate", "estimate", "lower", "upper", "n", "limit", "verdict"}, align: "lrrrrrl"}
	var passing []string
	for _, g := range sortFailingLast(run.Verdict.Gates) {
		if g.Verdict == gate.Pass && run.Verdict.Verdict != gate.Pass {
			passing = append(passing, formatKept(g))
			continue
		}
		t.rows = append(t.rows, []string{
			g.Name, g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), view.FormatSamples(g), g.LimitText(), string(g.Verdict),
		})
	}
	if len(run.Verdict.Gates) == 0 {
		return nil
	}
	looks := ""
	if run.Verdict.Anytime {
		looks = " at every look"
	}
	fmt.Fprintf(b, "\nGates (bounds one-sided, %s sure%s)\n", amount.Percent(run.Verdict.Confidence), looks)
	if len(passing) > 0 {
		b.writeLabelled(" PASS  ", strings.Join(passing, " · "))
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.writeFitting(b, 4, 2)
}

// formatKept returns a passing gate in a few words: its number, or the bound
// of it, and its limit.
func formatKept(g gate.Gate) string {
	value := g.Write(g.Estimate)
	if g.Upper != nil {
		value = "at most " + g.Write(g.Upper)
	}
	return g.Name + " " + value + " (" + g.LimitText() + ")"
}

// sortFailingLast returns the passing gates and then the others, each in their
// order.
func sortFailingLast(gates []gate.Gate) []gate.Gate {
	sorted := slices.Clone(gates)
	slices.SortStableFunc(sorted, func(a, b gate.Gate) int { return a.Verdict.Compare(b.Verdict) })
	return sorted
}

// writeUX writes what users of browsers experienced.
func writeUX(b *page, run view.Run) error {
	facts := view.ListBrowserFacts(run)
	if len(facts) == 0 {
		return nil
	}
	b.WriteString("\nIn the browser\n")
	for _, f := range facts {
		b.writeLabelled("  ", f.Name+": "+f.Value)
	}
	if paths := view.ScreenPaths(run); len(paths) > 0 {
		b.writeLabelled("  ", "the first conflict on the screen: "+strings.Join(paths, ", "))
	}
	return nil
}
