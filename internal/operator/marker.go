package operator

import (
	"strconv"

	"github.com/occbench/occbench/internal/api"
)

// MaxWord is the length of the word of a run that leaves room in a marker of 24
// bytes for the operator and the attempt.
const MaxWord = 10

// marker makes the words that are unique to an attempt: of the run, the operator
// and the attempt, in base 36. A read that shows one names the attempt that wrote
// the record, also where its answer was lost.
type marker struct {
	prefix []byte // nil: the API has no place for a marker
	made   int64
}

func newMarker(c *Config) marker {
	if !HasMarker(c.Shop.API()) {
		return marker{}
	}
	word := c.Word
	if word == "" {
		word = strconv.FormatUint(c.RandSeed%1e15, 36)
	}
	prefix := append([]byte(word[:min(len(word), MaxWord)]), '-')
	return marker{prefix: append(strconv.AppendInt(prefix, int64(c.Number), 36), '-')}
}

// HasMarker reports whether updates of an API send a marker. One that no read shows makes
// contents unlike, all the same, where tokens are made from them.
func HasMarker(a *api.API) bool { return a.Marked || a.Update.Uses("marker") }

// next returns the marker of the next attempt; "" where the API has none.
func (m *marker) next() string {
	if m.prefix == nil {
		return ""
	}
	m.made++
	var text [24]byte
	return string(strconv.AppendInt(append(text[:0], m.prefix...), m.made, 36))
}
