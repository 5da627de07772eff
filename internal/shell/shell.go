// Package shell writes words for a POSIX shell.
package shell

import "strings"

// Quote makes any text one word, in single quotes.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// QuoteIfNeeded makes any text one word; a plain one, such as a path, stays as it is.
func QuoteIfNeeded(text string) string {
	if text != "" && strings.IndexFunc(text, isSpecial) < 0 {
		return text
	}
	return Quote(text)
}

// isSpecial reports whether a rune may mean something to a shell.
func isSpecial(r rune) bool {
	plain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:,=@", r)
	return !plain
}
