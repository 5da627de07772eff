package api

import (
	"fmt"
	"net/url"
	"unicode/utf8"
)

// appendSegment keeps a value within one segment of a path: ids come from the
// target, and one like ../../customers must not choose the call. A segment of
// dots alone is taken apart by servers however it is escaped.
func appendSegment(dst, text []byte) ([]byte, error) {
	if string(text) == "" || string(text) == "." || string(text) == ".." {
		return dst, fmt.Errorf("%q cannot be one segment of a path", text)
	}
	for _, b := range text {
		if !isPlain(b) {
			return append(dst, url.PathEscape(string(text))...), nil
		}
	}
	return append(dst, text...), nil
}

// isPlain reports whether a byte is never escaped in a path.
func isPlain(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.' || b == '~'
}

func appendHeader(dst, text []byte) ([]byte, error) {
	for _, b := range text {
		if b < ' ' && b != '\t' || b == 0x7f {
			return dst, fmt.Errorf("%q cannot stand in a header", text)
		}
	}
	return append(dst, text...), nil
}

// appendJSON writes a text as the inside of a JSON string.
func appendJSON(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = fmt.Appendf(dst, `\u%04x`, r)
		case r == utf8.RuneError && size == 1:
			dst = append(dst, `\ufffd`...)
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}
