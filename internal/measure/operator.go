package measure

import "github.com/occbench/occbench/internal/history"

// operator is what must be remembered of one operator: the turn that is under
// way, the card it is at, and a move whose role is not settled yet.
type operator struct {
	turn turn
	id   string // of card
	card *card
	held history.Op
	hold bool
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
func (o *operator) begins(op *history.Op) bool {
	if op.Attempt != 1 || op.Flags&history.Double != 0 {
		return false
	}
	return op.Kind == history.Read || o.turn.attempts > 0
}

// click takes a move whose role may depend on its twin. Of two clicks with one
// version at most one can win, so when the second wins, the conflict of the
// first is the client's own doing: they swap roles, and the attempt is the one
// that moved the card.
func (m *Measure) click(o *operator, op *history.Op) {
	double := op.Flags&history.Double != 0
	if open := double && op.Outcome == history.Moved || !double && op.Outcome == history.Conflict; !open {
		m.commit(op)
		return
	}
	if o.hold && twins(&o.held, op) {
		m.swap(o, op)
		return
	}
	m.release(o)
	o.held, o.hold = *op, true
}

// twins reports whether two moves that are held, each either a conflict or a
// second click that moved, are the two clicks of one attempt.
func twins(a, b *history.Op) bool {
	return a.Card == b.Card && a.Expected == b.Expected && a.Flags&history.Double != b.Flags&history.Double
}

func (m *Measure) swap(o *operator, op *history.Op) {
	other := o.held
	o.hold = false
	for _, click := range []history.Op{other, *op} {
		click.Flags ^= history.Double
		m.commit(&click)
	}
	o.turn.forgive()
}

// release counts the move that is held in the role it came in.
func (m *Measure) release(o *operator) {
	if o.hold {
		o.hold = false
		m.commit(&o.held)
	}
}
