// Package text writes reports for a terminal: at most 100 columns, no colours, the
// verdict in the first line.
package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// Report writes a report for people at a terminal: at most 100 columns, no
// colours, the verdict in the first line.
func Report(w io.Writer, run view.Run) error {
	var b strings.Builder
	for _, part := range []func(*strings.Builder, view.Run) error{textVerdict, textProof, textGates, textSince, textMoves, textRecovery, textUX, textCloudWatch, textContention, textValidity, textSubject} {
		if err := part(&b, run); err != nil {
			return fmt.Errorf("writing the report as text: %w", err)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report as text: %w", err)
	}
	return nil
}

func textVerdict(b *strings.Builder, run view.Run) error {
	v := run.Verdict
	title, directory := view.Headline(string(v.Verdict), v), view.Clean(run.Directory)
	if v.Partial {
		directory += "  (partial run)"
	}
	if len(v.SwitchedOff) == 0 {
		b.WriteString(strings.TrimRight(title+"  "+directory, " ") + "\n\n")
	} else {
		Hang(b, "", title)
		b.WriteString(directory + "\n\n")
	}
	if lines := view.Caveats(run); len(lines) > 0 {
		for _, line := range lines {
			Hang(b, "  ! ", line)
		}
		b.WriteString("\n")
	}
	for _, line := range why(v) {
		Hang(b, "  - ", view.Short(line, view.Longest))
	}
	if len(v.SwitchedOff) > 0 {
		Hang(b, "  - ", "switched off, not judged: "+view.Clean(strings.Join(v.SwitchedOff, ", ")))
	}
	for _, line := range view.PowerLines(run) {
		Hang(b, "  - ", line)
	}
	for _, note := range run.Notes {
		Hang(b, "  ! ", view.Short(note, view.Longest))
	}
	return nil
}

// why returns the reasons of the verdict; those of a PASS are what its gates
// found.
func why(v gate.Verdict) []string {
	if v.Verdict != gate.Pass {
		return reason.Lines(v.Reasons)
	}
	var lines []string
	for _, g := range v.Gates {
		lines = append(lines, g.Name+": "+g.Reason.String())
	}
	return lines
}

func textGates(b *strings.Builder, run view.Run) error {
	t := table{header: []string{"gate", "estimate", "lower", "upper", "n", "limit", "verdict"}, align: "lrrrrrl"}
	for _, g := range run.Verdict.Gates {
		t.rows = append(t.rows, []string{
			view.Clean(g.Name), g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), view.Samples(g), g.LimitText(), string(g.Verdict),
		})
	}
	if len(t.rows) == 0 {
		return nil
	}
	looks := ""
	if run.Verdict.Anytime {
		looks = " at every look"
	}
	fmt.Fprintf(b, "\nGates (bounds one-sided, %s sure%s)\n", amount.Percent(run.Verdict.Confidence), looks)
	return t.write(b)
}

// textUX shows what people in browsers met.
func textUX(b *strings.Builder, run view.Run) error {
	facts := view.Browsers(run)
	if len(facts) == 0 {
		return nil
	}
	b.WriteString("\nIn the browser\n")
	for _, f := range facts {
		Hang(b, "  ", f.Name+": "+f.Value)
	}
	if paths := view.ScreenPaths(run); len(paths) > 0 {
		Hang(b, "  ", "the first conflict on the screen: "+strings.Join(paths, ", "))
	}
	return nil
}
