package probe

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/occbench/occbench/internal/wait"
)

// coarse is the coarsest clock that a server may write updated_at with.
const coarse = time.Second

// askUpdatedAt compares updated_at on the board before a move and after it. Where
// it did not change, another move is made once the clock of the coarsest server
// has moved on.
func (p *prober) askUpdatedAt(ctx context.Context, c *card) {
	before, was, a, err := p.updatedAt(ctx, c)
	if err == nil && a.status != 0 && was.IsZero() {
		p.differs("updated_at", a, "card %s has none that is a time as in RFC 3339", c.ID)
		return
	}
	for try := 1; err == nil; try++ {
		if err = p.refresh(ctx, c); err != nil {
			break
		}
		moved := p.move(ctx, c.ID, p.api.States.Onward(c.State), c.Token)
		var version int64
		var now time.Time
		if version, now, a, err = p.updatedAt(ctx, c); err != nil {
			break
		}
		switch {
		case version <= before:
			err = fmt.Errorf("a move was answered %s and the board does not show it", moved.words())
		case now.After(was):
			p.ok("updated_at", a)
			return
		case try == tries-1 || now.Before(was):
			p.differs(
				"updated_at",
				a,
				"version %d of card %s has %s, version %d has %s",
				before,
				c.ID,
				was.Format(time.RFC3339Nano),
				version,
				now.Format(time.RFC3339Nano),
			)
			return
		default:
			err = wait.For(ctx, coarse+coarse/10)
		}
	}
	p.settle("updated_at", Unasked, "", a, err.Error())
}

// updatedAt reads version and updated_at of a card in one look at the board. The
// time is zero where there is none.
func (p *prober) updatedAt(ctx context.Context, c *card) (version int64, at time.Time, a answer, err error) {
	a = p.ask(ctx, http.MethodGet, p.boardCall(), nil)
	for _, col := range readColumns(a.Data) {
		for _, shown := range col.cards {
			if text(shown["id"]) != c.ID {
				continue
			}
			version, _ = integer(shown["version"])
			at, _ = time.Parse(time.RFC3339Nano, text(shown["updated_at"])) // zero where it is none
			return version, at, a, nil
		}
	}
	return 0, at, a, fmt.Errorf("card %s is not on the board (%s)", c.ID, a.words())
}
