package measure

import "github.com/occbench/occbench/internal/history"

// operator is what must be remembered of one operator: the turn that is under
// way, the card it is at, and a move whose role is not settled yet.
type operator struct {
	turn   turn
	id     string // of card
	card   *card
	clicks clicks
}

func (m *Measure) operator(id int32) *operator {
	o := m.operators[id]
	if o == nil {
		o = &operator{}
		m.operators[id] = o
	}
	return o
}

// begins reports whether an operation is the first of a new turn: a first read,
// or, in a scenario that reads no board, a first move after another move.
// attempts are those of the turn so far.
func begins(op *history.Op, attempts int) bool {
	if op.Attempt != 1 || op.Flags&history.Double != 0 {
		return false
	}
	return op.Kind == history.Read || attempts > 0
}
