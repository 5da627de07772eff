package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
)

// Text writes a report for people at a terminal: at most 100 columns, no
// colours, the verdict in the first line.
func Text(w io.Writer, run Run) error {
	var b strings.Builder
	for _, part := range []func(*strings.Builder, Run) error{textVerdict, textProof, textGates, textSince, textMoves, textRecovery, textUX, textCloudWatch, textContention, textValidity, textSubject} {
		if err := part(&b, run); err != nil {
			return fmt.Errorf("writing the report as text: %w", err)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report as text: %w", err)
	}
	return nil
}

// longest is how many characters of one reason are shown: it may quote a target
// that answers with a page of HTML.
const longest = 600

func textVerdict(b *strings.Builder, run Run) error {
	v := run.Verdict
	title, directory := headline(string(v.Verdict), v), clean(run.Directory)
	if v.Partial {
		directory += "  (partial run)"
	}
	if len(v.SwitchedOff) == 0 {
		b.WriteString(strings.TrimRight(title+"  "+directory, " ") + "\n\n")
	} else {
		hang(b, "", title)
		b.WriteString(directory + "\n\n")
	}
	if lines := Caveats(run); len(lines) > 0 {
		for _, line := range lines {
			hang(b, "  ! ", line)
		}
		b.WriteString("\n")
	}
	for _, line := range why(v) {
		hang(b, "  - ", short(line, longest))
	}
	if len(v.SwitchedOff) > 0 {
		hang(b, "  - ", "switched off, not judged: "+clean(strings.Join(v.SwitchedOff, ", ")))
	}
	for _, line := range powerLines(run) {
		hang(b, "  - ", line)
	}
	for _, note := range run.Notes {
		hang(b, "  ! ", short(note, longest))
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

func textGates(b *strings.Builder, run Run) error {
	t := table{header: []string{"gate", "estimate", "lower", "upper", "n", "limit", "verdict"}, align: "lrrrrrl"}
	for _, g := range run.Verdict.Gates {
		t.rows = append(t.rows, []string{
			clean(g.Name), g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), samples(g), g.LimitText(), string(g.Verdict),
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
