package probe

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// askMoves asks everything about one card's moves. The happy move comes first:
// it makes the version before it a stale one.
func (p *prober) askMoves(ctx context.Context) {
	c := p.cards[0]
	before := c.Token
	p.askHappy(ctx, c)
	if p.foreign() {
		return
	}
	if stale := staleOf(c, before); stale > 0 {
		p.askStale(ctx, c, stale)
		p.askStaleIllegal(ctx, c, stale)
	} else {
		p.nothingStale()
	}
	p.askFuture(ctx, c)
	p.askIllegal(ctx, "illegal_move", c, func(s string) string { return p.api.States.Forbidden(s) })
	p.askIllegal(ctx, "same_status_move", c, func(s string) string { return s })
	p.askAliases(ctx, c)
	p.askUpdatedAt(ctx, c)
	p.askEdit(ctx, c)
}

// tries is how often the happy move is asked: a target that fails now and then
// is a target for the run.
const tries = 3

// askHappy asks for a move that nothing speaks against. A target that takes
// none is foreign; one that takes it and answers something else breaks a
// promise, and that is for the run to prove. A lost answer says nothing about
// the server, so another move is asked.
func (p *prober) askHappy(ctx context.Context, c *card) {
	for try := 1; ; try++ {
		to, expected := p.api.States.Onward(c.State), c.Token
		a := p.move(ctx, c.ID, to, expected)
		if err := p.refreshFromBoard(ctx, c); err != nil {
			p.settle("happy_move", Unasked, "", a, err.Error())
			return
		}
		c.reconcile(&p.api.States, &a)
		applied := c.Token > expected && c.State == to
		switch {
		case a.success(), applied && a.err == nil && a.status >= 500:
			p.judgeHappy(a, c, to, expected)
			return
		case applied && try == tries:
			p.unasked("happy_move", a)
			return
		case !applied && (try == tries || a.err == nil && a.status < 500 && !p.api.Update.ConflictsWith(a.status)):
			p.refuseMove(ctx, c, a)
			return
		}
	}
}

// judgeHappy compares what the answer to an applied move says with what the
// board shows.
func (p *prober) judgeHappy(a answer, c *card, to string, expected int64) {
	version := api.Integer(string(a.said.Token))
	switch {
	case !a.success():
		p.defect("happy_move", a, "the move was applied and answered %s: a phantom failure", a.words())
		return
	case a.said.Outcome != history.Applied:
		p.defect("happy_move", a, "the answer is not what was promised: %s", a.said.Err)
	case a.said.State != to:
		p.defect("happy_move", a, "the answer shows %s, and %s was asked for", shown(a.said.State), to)
	default:
		p.ok("happy_move", a)
	}
	switch {
	case c.Token == expected && c.State != to:
		p.differs(
			"version_returned",
			a,
			"the move was answered HTTP %d and the board shows nothing of it: a phantom success, or a board from a cache",
			a.status,
		)
	case c.Token != expected+1:
		p.differs("version_returned", a, "version %d was expected and the board now shows %d", expected, c.Token)
	case version != expected+1:
		p.differs("version_returned", a, "the answer says version %s, the board shows %d", shown(string(a.said.Token)), c.Token)
	default:
		p.ok("version_returned", a)
	}
}

// defect settles a line whose row is fatal as a broken promise only.
func (p *prober) defect(name string, a answer, format string, args ...any) {
	p.settle(name, Differs, Broken, a, fmt.Sprintf(format, args...))
}

// refuseMove ends the probe: no move is possible. It tries to say why.
func (p *prober) refuseMove(ctx context.Context, c *card, a answer) {
	if ctx.Err() != nil || a.throttled() {
		p.unasked("happy_move", a)
		return
	}
	reason := p.moveDialect(ctx, c, &a)
	if reason == "" && a.err != nil {
		reason, _ = unreachable(a.err)
	}
	if reason == "" {
		reason = fmt.Sprintf("a legal move with the fresh version (%s) is answered %s: %s", a.question(), a.words(), excerpt(a.body))
	}
	p.differs("happy_move", a, "%s", reason)
	p.refuse("%s", reason)
}

// askIllegal asks for a step that the contract forbids, with the fresh version;
// once more with the one that a conflict tells, when what was read was old.
func (p *prober) askIllegal(ctx context.Context, name string, c *card, step func(string) string) {
	from, before, to := c.State, c.Token, step(c.State)
	a := insist(func() answer { return p.move(ctx, c.ID, to, before) })
	if c.reconcile(&p.api.States, &a) {
		from, before, to = c.State, c.Token, step(c.State)
		a = p.move(ctx, c.ID, to, before)
	}
	if p.undecided(name, a) {
		return
	}
	v := valuesOf(c.ID, to, before)
	v.From = from
	p.explain(&a, v)
	switch {
	case a.success():
		p.defect(name, a, "the move from %s to %s was accepted", from, to)
	case !a.is(api.Illegal):
		p.differs(name, a, "it is answered %s", a.words())
	case a.said.Misses != "":
		p.differs(name, a, "%s", a.said.Misses)
	default:
		p.ok(name, a)
	}
	p.refreshAfter(ctx, name, c, before, a)
}
