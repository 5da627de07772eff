package probe

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
)

// aliases are other ids that a careless reader takes for the same: with a blank
// before it and, of a number, with a leading zero and 2^32 higher.
func aliases(id string) []string {
	others := []string{" " + id}
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && strconv.FormatInt(n, 10) == id && n > 0 && n < 1<<62 {
		others = append(others, "0"+id, strconv.FormatInt(n+1<<32, 10))
	}
	return others
}

// askAliases asks for moves of cards that do not exist, whose ids are like ours,
// with a move that ours would make.
func (p *prober) askAliases(ctx context.Context, c *card) {
	for _, id := range aliases(c.ID) {
		if p.exists(ctx, id) {
			continue
		}
		before, to := c.Record, p.api.States.Onward(c.State)
		a := p.post(ctx, p.movePath(id), p.moveBody(to, before.Token))
		if p.undecided("id_aliases", a) {
			return
		}
		known := p.lastRead(c.ID, a.start)
		if err := p.refresh(ctx, c); err != nil {
			p.warn("after id_aliases: %s", err)
			return
		}
		switch {
		case c.Token > before.Token && id[0] != ' ' && id[0] != '0':
			p.defect("id_aliases", a, "a move of card %s moved card %s", id, c.ID)
			p.show(
				check.OCC08,
				fmt.Sprintf("Card %s went from version %d to %d by a confirmed move of another id, %s: the server takes the two for one card.",
					c.ID, before.Token, c.Token, id),
				append(append(known, newMove(p.api, 1, id, to, before.Token, &a)), p.lastRead(c.ID, a.end)...)...)
			return
		case c.Token > before.Token:
			p.differs("id_aliases", a, "a move of card %q moved card %s", id, c.ID)
		case p.result.Lines[rowIndex("id_aliases")].State == Differs:
		case !a.is(api.Unknown):
			p.differs("id_aliases", a, "a move of card %q is answered %s", id, a.words())
		default:
			p.ok("id_aliases", a)
		}
	}
}

// exists reports whether an id is that of a card of its own, which is none of
// ours to move.
func (p *prober) exists(ctx context.Context, id string) bool {
	a := p.ask(ctx, http.MethodGet, p.cardPath(id), nil)
	_, err := p.see(&a, id)
	return err == nil
}
