package measure

import "github.com/occbench/occbench/internal/history"

// clicks settles which of an operator's updates are attempts and which are second
// clicks.
type clicks struct {
	held history.Op
	hold bool
}

// passOn passes on every update whose role is settled, and holds back one whose role
// depends on its twin. Of two clicks with one version at most one can win, so
// when the second wins, the conflict of the first is the client's own doing:
// they swap roles, and the attempt is the one that updated the record. It reports
// whether they did.
func (c *clicks) passOn(op *history.Op, commit func(*history.Op)) (swapped bool) {
	double := op.Flags&history.Double != 0
	if open := double && op.Outcome == history.Applied || !double && op.Outcome == history.Conflict; !open {
		commit(op)
		return false
	}
	if c.hold && areTwins(&c.held, op) {
		c.swap(op, commit)
		return true
	}
	c.flush(commit)
	c.held, c.hold = *op, true
	return false
}

// areTwins reports whether two updates that are held, each either a conflict or a
// second click that was applied, are the two clicks of one attempt.
func areTwins(a, b *history.Op) bool {
	return a.Record == b.Record && a.Expected == b.Expected && a.Flags&history.Double != b.Flags&history.Double
}

func (c *clicks) swap(op *history.Op, commit func(*history.Op)) {
	other := c.held
	c.hold = false
	for _, click := range []history.Op{other, *op} {
		click.Flags ^= history.Double
		commit(&click)
	}
}

// flush passes on the update that is held in the role it came in.
func (c *clicks) flush(commit func(*history.Op)) {
	if c.hold {
		c.hold = false
		commit(&c.held)
	}
}
