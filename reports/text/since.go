package text

import (
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// writeSince writes what changed since the last comparable run, and how to
// roll back.
func writeSince(b *page, run view.Run) error {
	if word, sentence := view.SinceWords(run); word != "" {
		b.WriteString("\nWhat changed\n")
		b.writeLabelled("  ", reason.Capitalize(word)+". "+sentence)
		for _, line := range view.SinceLines(run) {
			b.writeLabelled("  - ", line)
		}
	}
	if command, sentence := view.DescribeRollback(run); command != "" {
		b.WriteString("\nRollback\n")
		b.writeIndented(continueLine(command, b.columns-4))
		b.writeLabelled("  ", sentence)
	}
	return nil
}
