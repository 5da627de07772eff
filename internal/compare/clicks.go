package compare

import "github.com/occbench/occbench/internal/history"

// clicks passes on the attempts among the moves, second clicks left out, in the
// sense of package measure: where the second of two clicks with one version
// wins, the conflict of the first is the client's own doing, and the attempt is
// the one that moved the card.
type clicks struct {
	hands map[int32]*hand
	use   func(*history.Op)
}

// hand is what must be remembered of one operator.
type hand struct {
	held     history.Op // a click whose role depends on its twin
	hold     bool
	attempts int // of the turn that is under way
}

// take follows an operation.
func (c *clicks) take(op *history.Op) {
	h := c.hands[op.Operator]
	if h == nil {
		h = &hand{}
		c.hands[op.Operator] = h
	}
	double := op.Flags&history.Double != 0
	if op.Attempt == 1 && !double && (op.Kind == history.Read || h.attempts > 0) {
		c.release(h)
		h.attempts = 0
	}
	if op.Kind != history.Move {
		return
	}
	switch {
	case double && op.Outcome == history.Moved, !double && op.Outcome == history.Conflict:
		c.pair(h, op)
	case !double:
		c.use(op)
	}
	if !double {
		h.attempts++
	}
}

// pair settles a click whose role depends on its twin.
func (c *clicks) pair(h *hand, op *history.Op) {
	if h.hold && h.held.Card == op.Card && h.held.Expected == op.Expected && (h.held.Flags^op.Flags)&history.Double != 0 {
		h.hold = false
		if op.Outcome != history.Moved {
			op = &h.held
		}
		c.use(op)
		return
	}
	c.release(h)
	h.held, h.hold = *op, true
}

// release passes on what a held click is without a twin: a conflict is an
// attempt, a second click is none.
func (c *clicks) release(h *hand) {
	if h.hold && h.held.Flags&history.Double == 0 {
		c.use(&h.held)
	}
	h.hold = false
}
