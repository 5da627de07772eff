package client

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptRunes is the length of what is kept of a body.
const excerptRunes = 160

// Excerpt returns the start of a body, fit for a terminal, a log and a file: on
// one line, printable, without what looks like a secret.
func Excerpt(body []byte) string {
	// A printable rune is at most four bytes; more of a huge body is not read.
	start := body[:min(len(body), 4*excerptRunes)]
	if !isText(start) {
		return fmt.Sprintf("(%d bytes that are no text)", len(body))
	}
	s := MakePrintable(string(start))
	s = secret.ReplaceAllString(s, "$1…")
	if runes := []rune(s); len(runes) > excerptRunes {
		return string(runes[:excerptRunes]) + "…"
	}
	return s
}

// isText reports whether at most a tenth of the characters are none of a text: a
// page in Latin-1 still is one, and so is a colored line.
func isText(start []byte) bool {
	all, bad := 0, 0
	for _, r := range string(start) {
		all++
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) && r != '\x1b' {
			bad++
		}
	}
	return 10*bad <= all
}

// secret matches the value behind a word that names a secret, as debug pages
// and gateways like to show them.
var secret = regexp.MustCompile(
	`(?i)((?:password|passwd|secret|token|authorization|api[_-]?key)"?\s*[:=]\s*"?)[^\s",;}]+(?:\s+[A-Za-z0-9+/_.=-]{8,})?`,
)

// MakePrintable keeps the runes that a terminal shows. All others, and white
// space, become one space each run: an escape sequence of the target must not
// move the cursor.
func MakePrintable(s string) string {
	s = strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) && r != '\uFFFD' {
			return r
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
