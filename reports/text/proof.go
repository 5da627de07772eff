package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/reports/proof"
	"github.com/occbench/occbench/reports/view"
)

// mostLines bounds the proof on the first screen of a text report.
const mostLines = 25

// textProof shows the gravest anomaly on the first screen: the few operations
// that prove it, and how to see it by hand.
func textProof(b *strings.Builder, run view.Run) error {
	f := view.Gravest(view.Anomalies(run), run.Verdict)
	if f == nil || len(f.Operations) == 0 {
		return nil
	}
	var block strings.Builder
	Hang(&block, "Proof  ", f.ID.String()+" "+view.AnomalyTitle(f))
	LanesText(&block, f)
	if by := Replay(run, f, Width-4); strings.Count(block.String(), "\n")+len(by)+1 <= mostLines {
		Indented(&block, by)
	} else {
		cutAfter(&block, mostLines-2)
		Hang(&block, "  ", "the calls that replay it by hand: occbench check "+view.Clean(run.Directory))
	}
	b.WriteString("\n" + block.String())
	return nil
}

// cutAfter leaves so many lines of a block.
func cutAfter(b *strings.Builder, most int) {
	lines := slices.Collect(strings.Lines(b.String()))
	if len(lines) <= most {
		return
	}
	b.Reset()
	b.WriteString(strings.Join(lines[:most-1], "") + "    …\n")
}

// LanesText draws the operations of a proof as lanes, or lists them where the
// lanes are too wide: a card may carry a long status.
func LanesText(b *strings.Builder, f *check.Anomaly) {
	lines := strings.Split(strings.TrimRight(proof.Lanes(f), "\n"), "\n")
	for i := range lines {
		lines[i] = view.Clean(lines[i])
	}
	if slices.ContainsFunc(lines, func(line string) bool { return twwidth.Width(line)+4 > Width }) {
		lines = nil
		for i := range f.Operations {
			e := &f.Operations[i]
			lines = append(lines, wrap(fmt.Sprintf("%s: %s %s, %s", view.Source(e), view.Who(e), view.Asked(e), view.Answered(e)), Width-4)...)
		}
	}
	Indented(b, lines)
}

func Indented(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
}
