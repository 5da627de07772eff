package api

import (
	"slices"
)

// Scratch is the memory of one reading at a time; reuse saves allocations.
type Scratch struct{ scan }

// Forget lets go of the answer that was read last.
func (s *Scratch) Forget() {
	clear(s.values[:cap(s.values)])
}

func (s *Scratch) scanFor(r *reader) *scan {
	s.values = slices.Grow(s.values[:0], r.slots)[:r.slots]
	return &s.scan
}
