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

// writeProof writes the gravest anomaly on the first screen: the few
// operations that prove it, and how to reproduce it by hand.
func writeProof(b *page, run view.Run) error {
	f := view.FindGravest(view.Anomalies(run), run.Verdict)
	if f == nil || len(f.Operations) == 0 {
		return nil
	}
	block := &page{columns: b.columns}
	block.writeLabelled("Proof  ", f.ID.String()+" "+view.AnomalyTitle(f, run.Words))
	block.writeLanes(f)
	if by := FormatReplay(run, f, b.columns-4); strings.Count(block.String(), "\n")+len(by)+1 <= mostLines {
		block.writeIndented(by)
	} else {
		cutAfter(block, mostLines-2)
		block.writeLabelled("  ", "the calls that replay it by hand: occbench check "+run.Directory)
	}
	b.WriteString("\n" + block.String())
	return nil
}

// cutAfter leaves so many lines of a block.
func cutAfter(b *page, most int) {
	lines := slices.Collect(strings.Lines(b.String()))
	if len(lines) <= most {
		return
	}
	b.Reset()
	b.WriteString(strings.Join(lines[:most-1], "") + "    …\n")
}

// FormatProof returns all that a test report says about an anomaly: its
// operations, the calls that reproduce it, and the fix.
func FormatProof(run view.Run, f *check.Anomaly) string {
	b := Plain.newPage()
	b.WriteString(view.AnomalyTitle(f, run.Words) + "\n")
	b.writeLanes(f)
	b.writeIndented(FormatReplay(run, f, b.columns-4))
	b.writeLabelled("fix: ", f.Fix)
	return strings.TrimRight(b.String(), "\n")
}

// DrawLanes draws the operations of a proof as lines of text.
func DrawLanes(f *check.Anomaly) []string {
	b := Plain.newPage()
	b.writeLanes(f)
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// writeLanes draws the operations of a proof as lanes, or lists them when the
// lanes would be too wide, as with a long state.
func (b *page) writeLanes(f *check.Anomaly) {
	lines := strings.Split(strings.TrimRight(proof.DrawLanes(f, b.columns-4), "\n"), "\n")
	if slices.ContainsFunc(lines, func(line string) bool { return twwidth.Width(line)+4 > b.columns }) {
		lines = nil
		for i := range f.Operations {
			e := &f.Operations[i]
			lines = append(lines, wrapText(fmt.Sprintf("%s: %s %s, %s", view.DescribeSource(e), view.NameActor(e),
				view.DescribeRequest(e), view.DescribeAnswer(e)),
				b.columns-4)...)
		}
	}
	b.writeIndented(lines)
}
