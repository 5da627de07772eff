package doctor

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the lines for people: what to do stands behind what is wrong.
func WriteText(w io.Writer, lines []Line) error {
	for _, l := range lines {
		text := cleanText(l.Words)
		if l.Fix != "" {
			text += "; " + cleanText(l.Fix)
		}
		if _, err := fmt.Fprintf(w, "%-4s  %-11s  %s\n", l.State, l.Check, text); err != nil {
			return fmt.Errorf("writing the lines: %w", err)
		}
	}
	return nil
}

// cleanText returns a text that stays on one line and that is harmless to a
// terminal, whatever a target or a program put into it.
func cleanText(s string) string {
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
