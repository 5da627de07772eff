package reports

import (
	"strings"
	"unicode"
)

// clean makes text from elsewhere safe to show on a terminal and in a log: one
// line, no control characters, no escape sequences, no characters that reorder
// or hide their neighbours. A card called "\x1b[2J" must not clear the screen,
// and "\u202eSSAP" must not read PASS. What is replaced stays visible as �.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return unicode.ReplacementChar
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// cleanAll cleans every string; the result is never nil.
func cleanAll(texts []string) []string {
	cleaned := make([]string, len(texts))
	for i, s := range texts {
		cleaned[i] = clean(s)
	}
	return cleaned
}

// short cleans a text and cuts it to so many characters.
func short(s string, limit int) string {
	runes := []rune(clean(s))
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit-1]) + "…"
}
