package probe

import (
	"bytes"
	"context"
	"net/http"

	"github.com/go-faster/jx"
	"github.com/occbench/occbench/internal/api"
)

// askReads asks the reads that need no card.
func (p *prober) askReads(ctx context.Context) {
	odd, err := p.api.List.AppendPath(nil, &api.Vars{Date: "tomorrow"})
	if err == nil && string(odd) != p.boardCall() && p.api.Update.Describes(api.Invalid) {
		a := p.ask(ctx, http.MethodGet, string(odd), nil)
		if !p.undecided("bad_date", a) {
			p.judgeRefusal("bad_date", a, api.Invalid, "")
		}
	}
	for i := range p.api.Extra {
		p.askExtra(ctx, &p.api.Extra[i])
	}
}

// askExtra asks a call of the API file that is none of a run, where there is a line
// for it.
func (p *prober) askExtra(ctx context.Context, e *api.Extra) {
	if rowIndex(e.Name) < 0 {
		return
	}
	a := p.ask(ctx, e.Method, p.path(&e.Request, &api.Vars{}), nil)
	if p.undecided(e.Name, a) {
		return
	}
	r := &api.Response{Status: a.status, Header: a.header, Body: a.body}
	if err := e.Check(jx.DecodeBytes(a.body), &api.Scratch{}, r, &api.Vars{}); err != nil {
		p.differs(e.Name, a, "%s", err)
		return
	}
	p.ok(e.Name, a)
}

// askSingleCard asks for one of our cards by its id.
func (p *prober) askSingleCard(ctx context.Context) {
	c := p.cards[0]
	a := p.ask(ctx, http.MethodGet, p.cardPath(c.ID), nil)
	if p.undecided("single_card", a) {
		return
	}
	seen, err := p.see(&a, c.ID)
	switch {
	case err != nil:
		p.differs("single_card", a, "%s", err)
	case api.Integer(string(seen.Token)) != c.Token:
		p.differs("single_card", a, "it shows version %s; the board, version %d", seen.Token, c.Token)
	default:
		p.ok("single_card", a)
	}
}

// judgeRefusal decides a line that wants a certain refusal, naming a field
// unless that is empty.
func (p *prober) judgeRefusal(name string, a answer, kind api.Kind, field string) {
	switch {
	case a.success():
		p.differs(name, a, "it was accepted (HTTP %d)", a.status)
	case !a.is(kind):
		p.differs(name, a, "it is answered %s", a.words())
	case !bytes.Contains(a.body, []byte(field)):
		p.differs(name, a, "the refusal does not name %s", field)
	default:
		p.ok(name, a)
	}
}
