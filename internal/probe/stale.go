package probe

import (
	"context"

	"github.com/occbench/occbench/internal/api"
)

// staleOf returns a version that the card once had, 0 when none is known.
func staleOf(c *card, before int64) int64 {
	if c.Token > before {
		return before
	}
	return c.Token - 1
}

func (p *prober) nothingStale() {
	for _, name := range []string{"stale_move", "conflict_fields", "stale_illegal_move"} {
		p.settle(name, Unasked, "", answer{}, "no move raised a version, so there is none that is stale")
	}
}

// askStale asks for a legal move with a version that somebody already used up.
// Accepting it is the lost update that optimistic concurrency is there to
// prevent.
func (p *prober) askStale(ctx context.Context, c *card, stale int64) {
	to := p.api.States.Onward(c.State)
	a := insist(func() answer { return p.move(ctx, c.ID, to, stale) })
	if p.undecided("stale_move", a) {
		return
	}
	p.judgeStale(ctx, "stale_move", c, a, stale)
	if p.api.Update.ConflictsWith(a.status) {
		p.judgeConflictFields(a, c)
	} else {
		p.settle("conflict_fields", Unasked, "", a, "no conflict was answered")
	}
}

func (p *prober) askStaleIllegal(ctx context.Context, c *card, stale int64) {
	a := insist(func() answer { return p.move(ctx, c.ID, p.api.States.Forbidden(c.State), stale) })
	if p.undecided("stale_illegal_move", a) {
		return
	}
	p.judgeStale(ctx, "stale_illegal_move", c, a, stale)
}

// judgeStale decides a line about a stale version.
func (p *prober) judgeStale(ctx context.Context, name string, c *card, a answer, stale int64) {
	before := c.Token
	switch {
	case a.success():
		p.differs(name, a, "LOST UPDATE: a move with version %d was accepted although the card had version %d", stale, before)
	case a.conflict():
		p.ok(name, a)
	case p.api.Update.ConflictsWith(a.status):
		p.differs(name, a, "%d comes without what makes it a conflict (%s)", a.status, p.api.Update.ConflictText())
	case a.status >= 500:
		p.differs(name, a, "a stale version is answered %s", a.words())
	default:
		p.differs(name, a, "a masked conflict: a stale version is answered %s", a.words())
	}
	p.refreshAfter(ctx, name, c, before, a)
}

// refreshAfter looks at the card again after a refusal, which must have left it
// alone. An older version than before comes from a cache and is not believed.
func (p *prober) refreshAfter(ctx context.Context, name string, c *card, before int64, a answer) {
	known := *c
	if err := p.refresh(ctx, c); err != nil {
		p.warn("after %s: %s", name, err)
		return
	}
	switch {
	case c.Token < before:
		p.warn("after %s: card %s is shown with version %d, which is older than %d: a stale read", name, c.ID, c.Token, before)
		*c = known
	case c.Token > before && !a.success():
		p.defect(
			name,
			a,
			"a dirty refusal, or somebody else moves the card: it was answered %s, and the version went from %d to %d",
			a.words(),
			before,
			c.Token,
		)
	}
}

// judgeConflictFields decides the line about what a conflict says.
func (p *prober) judgeConflictFields(a answer, c *card) {
	switch {
	case a.said.Misses != "":
		p.differs("conflict_fields", a, "%s", a.said.Misses)
	case api.Integer(string(a.said.Token)) != c.Token:
		p.differs("conflict_fields", a, "it tells the version %s, not %d", shown(string(a.said.Token)), c.Token)
	case a.said.State != c.State:
		p.differs("conflict_fields", a, "it tells the status %s, not %q", shown(a.said.State), c.State)
	default:
		p.ok("conflict_fields", a)
	}
}
