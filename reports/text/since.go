package text

import (
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// textSince tells what changed and how to go back.
func textSince(b *page, run view.Run) error {
	if word, sentence := view.SinceWords(run); word != "" {
		b.WriteString("\nWhat changed\n")
		b.hang("  ", reason.Capitalize(word)+". "+sentence)
		for _, line := range view.SinceLines(run) {
			b.hang("  - ", line)
		}
	}
	if command, sentence := view.WayBack(run); command != "" {
		b.WriteString("\nRollback\n")
		b.indent(continueLine(command, b.columns-4))
		b.hang("  ", sentence)
	}
	return nil
}
