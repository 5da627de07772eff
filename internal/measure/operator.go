package measure

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stall"
)

// operator is the state of one operator between its operations: the turn that is under
// way, the record it is at, and an update whose role is not settled yet.
type operator struct {
	stalls *stall.List // of its generator
	turn   turn
	id     string // of record
	record *record
	clicks clicks
	seen   int64 // when the latest read was sent, ns
	lost   int64 // when the attempt was sent that has no answer yet, ns
	hoping bool  // there is one
}

// noteUnanswered notes an attempt of the measured window that has no answer. When the
// operator gave it up, its next operation tells.
func (o *operator) noteUnanswered(op *history.Op) {
	o.hoping = !op.Answered() && op.Flags&(history.Warmup|history.Double) == 0
	o.lost = op.Start
}

// takeUnanswered returns the attempt that had no answer by a time, when the generator was
// stalled meanwhile: the answer may have been there and not been read in time.
func (o *operator) takeUnanswered(by int64) (sent int64, stalled bool) {
	hoping := o.hoping
	o.hoping = false
	return o.lost, hoping && o.stalls.SumAffected(o.lost, by) > 0
}

// beginsTurn reports whether an operation is the first of a new turn: a first read, or, in a
// scenario that reads no list, a first update after another update. attempts is the number of
// attempts of the turn so far.
func beginsTurn(op *history.Op, attempts int) bool {
	if op.Attempt != 1 || op.Flags&history.Double != 0 {
		return false
	}
	return op.Kind == history.Read || attempts > 0
}
