package text

import (
	"fmt"

	basis "github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports/view"
)

// textContention compares the conflicts with those that a correct server must
// give under the contention that the run really had.
func textContention(b *page, run view.Run) error {
	c := run.Verdict.Contention
	if c == nil {
		return nil
	}
	b.WriteString("\nConflicts, predicted and observed\n")
	for _, line := range view.PredictedLines(run) {
		b.writeLabelled("  ", line)
	}
	return nil
}

// textValidity shows what the numbers rest on, a line each.
func textValidity(b *page, run view.Run) error {
	if len(run.Verdict.Validity) == 0 {
		return nil
	}
	b.WriteString("\nWhat the numbers rest on\n")
	for _, l := range run.Verdict.Validity {
		mark := "  "
		if l.State != basis.OK {
			mark = "! "
		}
		b.writeLabelled(fmt.Sprintf("  %s%-14s ", mark, view.CleanText(l.Name)), view.ShortenText(l.Why.String(), view.Longest))
	}
	return nil
}
