package text

import (
	"fmt"

	basis "github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports/view"
)

// writeContention writes the conflicts beside those that a correct server must
// have under the contention of the run.
func writeContention(b *page, run view.Run) error {
	c := run.Verdict.Contention
	if c == nil {
		return nil
	}
	b.WriteString("\nConflicts, predicted and observed\n")
	for _, line := range view.ListPredictions(run) {
		b.writeLabelled("  ", line)
	}
	return nil
}

// writeValidity writes the conditions under which the numbers are valid, one
// per line.
func writeValidity(b *page, run view.Run) error {
	if len(run.Verdict.Validity) == 0 {
		return nil
	}
	b.WriteString("\nWhat the numbers rest on\n")
	for _, l := range run.Verdict.Validity {
		mark := "  "
		if l.State != basis.OK {
			mark = "! "
		}
		b.writeLabelled(fmt.Sprintf("  %s%-14s ", mark, l.Name), view.ShortenText(l.Why.String(), view.Longest))
	}
	return nil
}
