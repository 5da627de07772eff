package probe

import (
	"regexp"
	"strconv"
	"strings"
)

// excerptRunes is the length of what is kept of a body.
const excerptRunes = 160

// excerpt returns the start of a body, fit for a terminal, a log and a file: on
// one line, printable, without what looks like a secret.
func excerpt(body []byte) string {
	// A printable rune is at most four bytes; more of a huge body is not read.
	s := printable(string(body[:min(len(body), 4*excerptRunes)]))
	s = secret.ReplaceAllString(s, "$1…")
	if runes := []rune(s); len(runes) > excerptRunes {
		return string(runes[:excerptRunes]) + "…"
	}
	return s
}

// secret matches the value behind a word that names a secret, as debug pages
// and gateways like to show them.
var secret = regexp.MustCompile(`(?i)((?:password|passwd|secret|token|authorization|api[_-]?key)"?\s*[:=]\s*"?)[^\s",;}]+(?:\s+[A-Za-z0-9+/_.=-]{8,})?`)

// printable keeps the runes a terminal shows and turns all others, runs of
// white space included, into one space: an escape sequence of the target must
// not move anybody's cursor.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) && r != '\uFFFD' {
			return r
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
