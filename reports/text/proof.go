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
func textProof(b *page, run view.Run) error {
	f := view.FindGravest(view.Anomalies(run), run.Verdict)
	if f == nil || len(f.Operations) == 0 {
		return nil
	}
	block := &page{columns: b.columns}
	block.hang("Proof  ", f.ID.String()+" "+view.AnomalyTitle(f, run.Words))
	block.lanes(f)
	if by := FormatReplay(run, f, b.columns-4); strings.Count(block.String(), "\n")+len(by)+1 <= mostLines {
		block.indent(by)
	} else {
		cutAfter(block, mostLines-2)
		block.hang("  ", "the calls that replay it by hand: occbench check "+view.CleanText(run.Directory))
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

// FormatProof writes an anomaly with its operations, the calls that replay it by hand, and the
// fix: all that a test report says of it.
func FormatProof(run view.Run, f *check.Anomaly) string {
	b := Plain.page()
	b.WriteString(view.AnomalyTitle(f, run.Words) + "\n")
	b.lanes(f)
	b.indent(FormatReplay(run, f, b.columns-4))
	b.hang("fix: ", view.CleanText(f.Fix))
	return strings.TrimRight(b.String(), "\n")
}

// DrawLanes draws the operations of a proof as lines of text.
func DrawLanes(f *check.Anomaly) []string {
	b := Plain.page()
	b.lanes(f)
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// lanes draws the operations of a proof as lanes, or lists them where the lanes are too
// wide: a record may carry a long state.
func (b *page) lanes(f *check.Anomaly) {
	lines := strings.Split(strings.TrimRight(proof.DrawLanes(f, b.columns-4), "\n"), "\n")
	for i := range lines {
		lines[i] = view.CleanText(lines[i])
	}
	if slices.ContainsFunc(lines, func(line string) bool { return twwidth.Width(line)+4 > b.columns }) {
		lines = nil
		for i := range f.Operations {
			e := &f.Operations[i]
			lines = append(lines, wrapText(fmt.Sprintf("%s: %s %s, %s", view.DescribeSource(e), view.NameActor(e), view.DescribeRequest(e), view.DescribeAnswer(e)),
				b.columns-4)...)
		}
	}
	b.indent(lines)
}
