package history

import "strconv"

// splitToken returns a token as a number or, where it is none in its shortest
// spelling, as None and its text.
func splitToken(text string) (number int64, other string) {
	if n, ok := parseToken(text); ok {
		return n, ""
	}
	return None, text
}

func joinToken(number int64, text string) string {
	if text != "" || number == None {
		return text
	}
	return strconv.FormatInt(number, 10)
}

// parseToken reads an integer from 0 to 2^63-1 without leading zeros.
func parseToken[T string | []byte](text T) (number int64, ok bool) {
	if len(text) == 0 || len(text) > 19 || len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	var n uint64 // nineteen digits cannot wrap it
	for i := range len(text) {
		digit := text[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = n*10 + uint64(digit)
	}
	return int64(n), int64(n) >= 0
}

// appendToken writes a token, or nothing where there is none.
func appendToken(dst []byte, number int64, text string) []byte {
	if text == "" {
		return appendNumber(dst, number)
	}
	return append(appendText(dst, text), ',')
}
