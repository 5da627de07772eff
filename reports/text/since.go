package text

import (
	"strings"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// textSince tells what changed and how to go back.
func textSince(b *strings.Builder, run view.Run) error {
	if word, sentence := view.SinceWords(run); word != "" {
		b.WriteString("\nWhat changed\n")
		Hang(b, "  ", reason.Capital(word)+". "+sentence)
		for _, line := range view.SinceLines(run) {
			Hang(b, "  - ", line)
		}
	}
	if command, sentence := view.WayBack(run); command != "" {
		b.WriteString("\nThe way back\n")
		Indented(b, continued(command, Width-4))
		Hang(b, "  ", sentence)
	}
	return nil
}
