package operator

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/shop"
)

// line starts the line of a call that is over.
func line(a *shop.Answer, kind history.Kind) history.Op {
	op := history.New()
	op.Kind = kind
	op.Start, op.End = a.Start, a.End
	op.Outcome = a.Outcome
	op.HTTP = int16(a.HTTP)
	return op
}

// recordRead records what the board said of one card.
func (o *Operator) recordRead(a *shop.Answer, i, attempt int) {
	o.op = line(a, history.Read)
	o.op.Card = o.cfg.Roster.ID(i)
	if a.OK() {
		see(&o.op, o.view.cards[i])
	}
	o.record(attempt)
}

// see writes what was seen of a card; a board that holds no readable row of a
// card it has to show breaks its promise.
func see(op *history.Op, s sight) {
	if !s.readable() {
		op.Outcome = history.Malformed
		return
	}
	op.Version, op.Status = s.version, string(s.status)
}

func (o *Operator) recordMove(a *shop.Answer, c Card, attempt int, flags history.Flags) {
	o.op = line(a, history.Move)
	o.op.Flags = flags
	o.op.Card = c.ID
	o.op.Target, o.op.Expected = string(c.Target), c.Version
	o.op.Version, o.op.Status = a.Version, string(a.Status)
	o.record(attempt)
}

func (o *Operator) record(attempt int) {
	o.op.Operator = o.cfg.Number
	o.op.Attempt = uint8(attempt)
	o.op.Scheduled = o.due
	o.op.Flags |= o.flags
	if o.op.Start < o.cfg.WarmupEnd {
		o.op.Flags |= history.Warmup
	}
	o.cfg.Record(&o.op)
}
