package history

import (
	"unicode"
	"unicode/utf8"
)

// MaxText is the greatest length of a card id or a status, in bytes: three of
// them and all numbers fit into MaxLine.
const MaxText = 1024

// Recordable reports whether text can stand in the card, target or status
// column: printable UTF-8 of 1 to MaxText bytes without comma and double quote.
//
// The text comes from the target and ends up in terminals and spreadsheets, so
// a first letter that makes a spreadsheet run the cell as a formula (= + - @)
// is refused as well.
func Recordable(text string) bool {
	if text == "" || len(text) > MaxText || formula(text[0]) {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf {
			return printable(text[i:])
		} else if c < ' ' || c == 0x7f || c == ',' || c == '"' {
			return false
		}
	}
	return true
}

func formula(first byte) bool {
	return first == '=' || first == '+' || first == '-' || first == '@'
}

func printable(text string) bool {
	for _, r := range text {
		if r == utf8.RuneError || r == ',' || r == '"' || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
