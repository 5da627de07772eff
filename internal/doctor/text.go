package doctor

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the lines for people: what to do stands behind what is wrong.
func WriteText(w io.Writer, lines []Line) error {
	for _, l := range lines {
		text := clean(l.Words)
		if l.Fix != "" {
			text += "; " + clean(l.Fix)
		}
		if _, err := fmt.Fprintf(w, "%-4s  %-11s  %s\n", l.State, l.Check, text); err != nil {
			return fmt.Errorf("writing the lines: %w", err)
		}
	}
	return nil
}

// clean keeps a line on its line, and what a target or a program put in it
// harmless to a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return '?'
		}
		return r
	}, s)
}
