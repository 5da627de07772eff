package api

import (
	"strings"
)

// splitSegments splits a place at each | that goes on inside a value: not at one in
// a quoted name of a path, nor at one of a pattern.
func splitSegments(text string) []string {
	var all []string
	for {
		end := endOfSegment(text)
		all = append(all, text[:end])
		if end == len(text) {
			return all
		}
		text = text[end+1:]
	}
}

func endOfSegment(text string) int {
	quote := byte(0)
	for i := range len(text) {
		switch b := text[i]; {
		case strings.HasPrefix(text, "re:"):
			if b == '|' && text[i-1] == '/' && i > len("re:/") && beginsSegment(text[i+1:]) {
				return i
			}
		case quote != 0 && b == quote:
			quote = 0
		case quote != 0:
		case isPath(text) && (b == '\'' || b == '"'):
			quote = b
		case b == '|':
			return i
		}
	}
	return len(text)
}

// beginsSegment reports whether a text begins a further segment, so that the | before it
// is none of a pattern.
func beginsSegment(text string) bool {
	return strings.HasPrefix(text, "base64") || strings.HasPrefix(text, "$") || strings.HasPrefix(text, "re:/")
}
