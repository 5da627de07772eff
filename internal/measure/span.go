package measure

import (
	"time"

	"github.com/occbench/occbench/internal/history"
)

// span is the time from the first start to the last sign of life, in ns.
type span struct {
	first, last int64
	any         bool
}

func (s *span) add(op *history.Op) {
	end := max(op.Start, op.End)
	if !s.any {
		s.first, s.last, s.any = op.Start, end, true
		return
	}
	s.first, s.last = min(s.first, op.Start), max(s.last, end)
}

// toSeconds returns nanoseconds in seconds.
func toSeconds(ns int64) float64 { return float64(ns) / 1e9 }

// toMilliseconds returns nanoseconds in milliseconds.
func toMilliseconds(ns int64) float64 { return float64(ns) / 1e6 }

// momentAtLeast is how long a block is at least that counts as a moment of its own,
// ns: an outage of a second is one.
const momentAtLeast = int64(time.Second)
