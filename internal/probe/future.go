package probe

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/check"
)

// askFuture asks for a legal move with a version that the card never had. A
// server that only refuses lower ones takes it, and with it the word of a client
// that has read nothing.
func (p *prober) askFuture(ctx context.Context, c *card) {
	before, to, never := c.Record, p.api.States.Onward(c.State), c.Token+unheld
	a := p.post(ctx, p.movePath(c.ID), p.moveBody(to, never))
	if p.undecided("future_move", a) {
		return
	}
	p.refreshAfter(ctx, "future_move", c, before.Token, a)
	switch {
	case a.success():
		p.defect("future_move", a, "LOST UPDATE: a move with version %d was accepted although the card had version %d", never, before.Token)
		id := check.OCC08 // it has a successor and nothing before it
		op := newMove(p.api, 1, c.ID, to, never, &a)
		if op.Token != never+1 {
			id = check.OCC02
		}
		p.show(
			id,
			fmt.Sprintf("A move of card %s from version %d was confirmed, and the card never had it: it had version %d.", c.ID, never, before.Token),
			append(p.lastRead(c.ID, a.start), op)...)
	case !a.conflict():
		p.differs("future_move", a, "it is answered %s", a.words())
	default:
		p.ok("future_move", a)
	}
}
