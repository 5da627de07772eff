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
	text = printable(text)
	if !v.style.Color {
		return text
	}
	return string(c) + text + reset
}

// printable takes out what would move the cursor: an anomaly's title is ours,
// but the reason why a recording cannot be read may quote it.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// cut shortens a line to so many cells. Colours take none.
func cut(text string, width int) string {
	if cells(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	for i := 0; i < len(text); {
		if sequence := escape(text[i:]); sequence != "" {
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

// fold breaks lines at spaces where they are too wide, and indents what follows by the
// width of the label before it.
func fold(text string, width int) string {
	const label = "        " // as that of "probe   "
	var b strings.Builder
	for line := range strings.Lines(text) {
		for cells(strings.TrimRight(line, "\n")) > width {
			at := strings.LastIndexByte(fitting(line, width), ' ')
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

// fitting returns the longest start of a line that fits, with the character behind it.
func fitting(line string, width int) string {
	for i := range line {
		if cells(line[:i]) > width {
			return line[:i]
		}
	}
	return line
}

// escape returns the colour that a text begins with.
func escape(text string) string {
	if !strings.HasPrefix(text, "\x1b[") {
		return ""
	}
	return text[:strings.IndexByte(text, 'm')+1]
}

// cells is the width of a line on a terminal.
func cells(text string) int {
	n := 0
	for text != "" {
		if sequence := escape(text); sequence != "" {
			text = text[len(sequence):]
			continue
		}
		r := []rune(text)[0]
		n += twwidth.Width(string(r))
		text = text[len(string(r)):]
	}
	return n
}
