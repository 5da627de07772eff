package text

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// wrapText breaks a text into lines that are at most so many columns wide. A
// longer word is cut: an URL must not push the rest off the screen.
func wrapText(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range splitWords(text) {
		if line != "" && twwidth.Width(line)+1+twwidth.Width(word) > columns {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for head := fitText(line, columns); head != line; head = fitText(line, columns) {
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, line)
}

// splitWords splits a text where it may be broken: a number stays with its
// unit.
func splitWords(text string) []string {
	var ws []string
	for _, w := range strings.Fields(text) {
		if len(ws) > 0 && isUnit(w) && hasFinalDigit(ws[len(ws)-1]) {
			ws[len(ws)-1] += " " + w
			continue
		}
		ws = append(ws, w)
	}
	return ws
}

func isUnit(word string) bool {
	switch strings.TrimRight(word, ".,;:)") {
	case "%", "ms", "s":
		return true
	}
	return false
}

func hasFinalDigit(word string) bool {
	last := word[len(word)-1]
	return '0' <= last && last <= '9'
}

// fitText returns the longest beginning of a text that fits, at least one
// character.
func fitText(text string, columns int) string {
	used := 0
	for i, r := range text {
		used += twwidth.Width(string(r))
		if used > columns && i > 0 {
			return text[:i]
		}
	}
	return text
}
