package pipeline

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// settled measures the operations that began before a moment, once all of them
// are over.
//
// What is recorded at a look is a choice that the server made: of a server that
// takes five seconds for every tenth move, the first five seconds show nothing but
// quick ones. Bounds that hold at every look take the moves in the order in which
// they began, without a gap.
type settled struct {
	measure *measure.Measure
	waiting []history.Op // that began later, in the order of the file
}

func newSettled(o measure.Options) *settled { return &settled{measure: measure.New(o)} }

func (s *settled) add(op *history.Op) { s.waiting = append(s.waiting, *op) }

// numbers are those of all that began before the moment.
func (s *settled) numbers(moment int64) measure.Numbers {
	later := s.waiting[:0]
	for i := range s.waiting {
		if op := s.waiting[i]; op.Start < moment {
			s.measure.Add(&op)
		} else {
			later = append(later, op)
		}
	}
	clear(s.waiting[len(later):])
	s.waiting = later
	return s.measure.Numbers()
}
