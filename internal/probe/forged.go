package probe

import (
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// forgeToken returns a token that the record never had: a number far ahead, or the token
// with all its letters and digits changed.
func (s *session) forgeToken(r *record) string {
	if s.api.Counting {
		return strconv.FormatInt(api.Integer(r.token)+unheld, 10)
	}
	all, changed := []byte(r.token), false
	for i, b := range all {
		if other, ok := changeByte(b); ok {
			all[i], changed = other, true
		}
	}
	if !changed {
		return r.token + "0"
	}
	return string(all)
}

// forgeNearly returns the token of a record with its first letter or digit changed, and with
// its last.
func (s *session) forgeNearly(r *record) []string {
	var near []string
	for _, at := range []int{strings.IndexFunc(r.token, isWord), strings.LastIndexFunc(r.token, isWord)} {
		if at < 0 {
			continue
		}
		if other, ok := changeByte(r.token[at]); ok {
			near = append(near, r.token[:at]+string(other)+r.token[at+1:])
		}
	}
	return near
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// unheld is added to a token that counts for one that a record will not have for
// long.
const unheld = 1_000_000

// changeByte returns another digit for a digit, and another letter of a hexadecimal
// number for a letter.
func changeByte(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return '0' + (b-'0'+5)%10, true
	case b >= 'a' && b <= 'z':
		return 'a' + (b-'a'+3)%6, true
	case b >= 'A' && b <= 'Z':
		return 'A' + (b-'A'+3)%6, true
	}
	return b, false
}
