package api

import (
	"fmt"
	"strings"
)

// pairing stands between the two texts of a pair where they are one text. It is
// part of no number, no revision and no word in base64.
const pairing = '~'

// cutPart returns one text of a pair.
func cutPart(text []byte, index int) ([]byte, error) {
	parts := strings.Split(string(text), string(pairing))
	if index >= len(parts) {
		return nil, fmt.Errorf("the token %q has %d parts", text, len(parts))
	}
	return []byte(parts[index]), nil
}
