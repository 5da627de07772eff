package history

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the greatest length of a record id or a status as it is written, in
// bytes: three of them and all numbers fit into MaxLine.
const MaxText = 1024

// Recordable reports whether text can stand in the record, target or status
// column: any text can that is not empty and not too long. A byte that has to be
// encoded counts as three.
func Recordable(text string) bool {
	if len(text) <= MaxText/3 {
		return text != ""
	}
	return len(text) <= MaxText && len(appendText(nil, text)) <= MaxText
}

// EncodeText returns a text as it stands in a history, which is also safe to show
// on a terminal.
func EncodeText(text string) string { return string(appendText(nil, text)) }

// appendText appends a text as it is written: printable UTF-8 without comma,
// double quote and percent sign; every other byte is a percent sign and two
// capital hexadecimal digits.
//
// The text comes from the target and ends up in terminals and spreadsheets, so
// a first letter that makes a spreadsheet run the cell as a formula (= + - @)
// is encoded as well.
func appendText(dst []byte, text string) []byte {
	if text != "" && formula(text[0]) {
		dst, text = appendEncoded(dst, text[:1]), text[1:]
	}
	for {
		n := plain(text)
		dst = append(dst, text[:n]...)
		if text = text[n:]; text == "" {
			return dst
		}
		_, size := utf8.DecodeRuneInString(text)
		dst, text = appendEncoded(dst, text[:size]), text[size:]
	}
}

// appendEncoded encodes every byte of a text.
func appendEncoded(dst []byte, text string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(text) {
		dst = append(dst, '%', digits[text[i]>>4], digits[text[i]&15])
	}
	return dst
}

// decodeText is the inverse of appendText; false for what appendText does not
// write, so that one text has one spelling.
func decodeText(written string) (text string, ok bool) {
	if len(written) > MaxText {
		return "", false
	}
	before, rest, encoded := strings.Cut(written, "%")
	if !encoded {
		return written, plain(written) == len(written) && !formula(written[0])
	}
	decoded := []byte(before)
	for encoded {
		if len(rest) < 2 {
			return "", false
		}
		octet, err := hex.DecodeString(rest[:2])
		if err != nil {
			return "", false
		}
		before, rest, encoded = strings.Cut(rest[2:], "%")
		decoded = append(append(decoded, octet...), before...)
	}
	return string(decoded), string(appendText(nil, string(decoded))) == written
}

// plain returns how many bytes at the beginning of a text are written as they
// are.
func plain(text string) int {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf {
			return i + printable(text[i:])
		} else if c < ' ' || c == 0x7f || reserved(rune(c)) {
			return i
		}
	}
	return len(text)
}

func printable(text string) int {
	for i, r := range text {
		if r == utf8.RuneError || reserved(r) || !unicode.IsPrint(r) {
			return i
		}
	}
	return len(text)
}

func reserved(r rune) bool { return r == ',' || r == '"' || r == '%' }

func formula(first byte) bool {
	return first == '=' || first == '+' || first == '-' || first == '@'
}
