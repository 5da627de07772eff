package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/occbench/occbench/internal/check"
)

// askEdit asks for a PATCH of the card itself without a version, which the
// contract does not have and real shops do: first of the status, then, where
// that is refused, of the notes, whose tag stays. One that is written and leaves
// the version as it is goes unseen by every move that follows.
func (p *prober) askEdit(ctx context.Context, c *card) {
	if err := p.refreshFromBoard(ctx, c); err != nil {
		p.settle("unversioned_edit", Unasked, "", answer{}, err.Error())
		return
	}
	to := p.api.States.Onward(c.State)
	for _, edit := range []map[string]string{{p.api.List.Field("state"): to}, {p.api.List.Field("tag"): c.Tag + " edited"}} {
		before := c.Record
		known := p.lastRead(c.ID, p.client.Clock())
		a := p.edit(ctx, c.ID, edit)
		if p.undecided("unversioned_edit", a) {
			return
		}
		if err := p.refreshFromBoard(ctx, c); err != nil {
			p.settle("unversioned_edit", Unasked, "", a, err.Error())
			return
		}
		written := c.State != before.State || c.Tag != before.Tag
		switch {
		case written && c.Token == before.Token:
			p.defect("unversioned_edit", a, "it is written, and the version stays %d: moves that carry it overwrite the edit unseen", c.Token)
		case written || c.Token > before.Token:
			p.differs("unversioned_edit", a, "it is written; the version goes from %d to %d, so that moves notice it", before.Token, c.Token)
		case a.success():
			p.differs("unversioned_edit", a, "it is answered %s and nothing of it is seen", a.words())
			continue
		default:
			p.ok("unversioned_edit", a)
			continue
		}
		if c.State != before.State && c.Token == before.Token {
			p.show(
				check.OCC09,
				fmt.Sprintf(
					"An edit (PATCH) of card %s without a version changed its status from %s to %s and left version %d as it was: a move that carries "+
						"it overwrites the edit unseen.",
					c.ID,
					before.State,
					c.State,
					c.Token,
				),
				append(known, p.lastRead(c.ID, p.client.Clock())...)...)
		}
		if c.Tag != before.Tag {
			p.edit(ctx, c.ID, map[string]string{p.api.List.Field("tag"): before.Tag})
		}
		return
	}
}

func (p *prober) edit(ctx context.Context, id string, fields map[string]string) answer {
	body, err := json.Marshal(fields)
	if err != nil {
		return answer{err: err}
	}
	return p.ask(ctx, http.MethodPatch, p.cardPath(id), body)
}
