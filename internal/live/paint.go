package live

import (
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// color is a select graphic rendition of ECMA-48.
type color string

const (
	bold   color = "\x1b[1m"
	quiet  color = "\x1b[2m"
	good   color = "\x1b[32m"
	bad    color = "\x1b[31m"
	unsure color = "\x1b[33m"
	reset        = "\x1b[0m"
)

// paint colours a text. Colour never says anything that the words do not.
func (v *view) paint(c color, text string) string {
	text = makePrintable(text)
	if !v.style.Color {
		return text
	}
	return string(c) + text + reset
}

// makePrintable removes what would move the cursor: the reason why a recording
// cannot be read may quote the recording.
func makePrintable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// cutLine returns a line cut to a number of cells. Color codes take no cell.
func cutLine(text string, width int) string {
	if countCells(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	for i := 0; i < len(text); {
		if sequence := findColor(text[i:]); sequence != "" {
			b.WriteString(sequence)
			i += len(sequence)
			continue
		}
		r := []rune(text[i:])[0]
		i += len(string(r))
		if w := twwidth.Width(string(r)); used+w < width {
			b.WriteRune(r)
			used += w
		} else if used < width {
			b.WriteString("…")
			used = width
		}
	}
	return b.String()
}

// foldText breaks lines at spaces where they are too wide, and indents what follows by the
// width of the label before it.
func foldText(text string, width int) string {
	const label = "        " // as that of "probe   "
	var b strings.Builder
	for line := range strings.Lines(text) {
		for countCells(strings.TrimRight(line, "\n")) > width {
			at := strings.LastIndexByte(fitLine(line, width), ' ')
			if at <= len(label) {
				break // one word fills the line
			}
			b.WriteString(line[:at] + "\n")
			line = label + line[at+1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// fitLine returns the longest beginning of a line that fits, including the
// character after it.
func fitLine(line string, width int) string {
	for i := range line {
		if countCells(line[:i]) > width {
			return line[:i]
		}
	}
	return line
}

// findColor returns the color code at the beginning of a text.
func findColor(text string) string {
	if !strings.HasPrefix(text, "\x1b[") {
		return ""
	}
	return text[:strings.IndexByte(text, 'm')+1]
}

// countCells returns the width of a line on a terminal.
func countCells(text string) int {
	n := 0
	for text != "" {
		if sequence := findColor(text); sequence != "" {
			text = text[len(sequence):]
			continue
		}
		r := []rune(text)[0]
		n += twwidth.Width(string(r))
		text = text[len(string(r)):]
	}
	return n
}
