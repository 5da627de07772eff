package probe

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/go-faster/jx"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// card is a card that may be moved, as the board showed it last.
type card struct {
	client.Record
	home string // where it stood before the probe
}

// gather finds the cards that may be moved, and asks for some when there are
// too few. It reports whether there are enough; else the lines say why not.
func (p *prober) gather(ctx context.Context) bool {
	found, err := p.find(ctx)
	if err == nil && found < cardsNeeded && p.opts.Provide != nil {
		found, err = p.provide(ctx)
	}
	p.result.Cards = found
	if p.odd > 0 {
		p.warn("%d rows of the board tagged %s have an id that cannot be recorded; they are left out", p.odd, client.TagWord(p.opts.Tag))
	}
	switch {
	case p.foreign():
	case err != nil:
		p.cannotAsk(fmt.Sprintf("no cards to move: %s", err))
	case found < cardsNeeded:
		p.cannotAsk(
			fmt.Sprintf(
				"the board of %s has %d usable cards tagged %s and %d are needed; seed it first",
				p.opts.Target.Date,
				found,
				client.TagWord(p.opts.Tag),
				cardsNeeded,
			),
		)
	default:
		return true
	}
	p.cards = nil
	return false
}

// provide has cards made. The board is asked anew then: only with cards on it
// does it show what it makes of them.
func (p *prober) provide(ctx context.Context) (int, error) {
	if err := p.opts.Provide(ctx, cardsNeeded); err != nil {
		return 0, err
	}
	if p.askBoard(ctx); p.foreign() {
		return 0, nil
	}
	return p.find(ctx)
}

// find counts the usable cards with the tag, and keeps the first ones.
func (p *prober) find(ctx context.Context) (int, error) {
	board, seen, err := p.look(ctx)
	if err != nil {
		return 0, err
	}
	found := 0
	p.cards, p.odd = nil, board.UnusableWith(p.opts.Tag)
	for _, c := range board.Records {
		if c.Token < 1 || p.api.States.Final(c.State) || !client.Tagged(c.Tag, p.opts.Tag) {
			continue
		}
		if found++; found <= cardsNeeded {
			p.cards = append(p.cards, &card{Record: c, home: c.State})
			p.recordRead(c, seen.HTTP, seen.Start, seen.End)
		}
	}
	return found, nil
}

// look reads the board with the client that a run uses.
func (p *prober) look(ctx context.Context) (board *client.List, seen client.Answer, err error) {
	board = &client.List{Tags: true}
	for range patience {
		if seen = p.client.List(ctx, board); seen.OK() {
			return board, seen, nil
		}
	}
	return nil, seen, fmt.Errorf("reading the board: %w", seen.Failure())
}

// refresh brings a card up to what the target shows of it: by its own call
// where the target has that, since a board may hold a hundred thousand cards.
func (p *prober) refresh(ctx context.Context, c *card) error {
	if p.result.Lines[rowIndex("single_card")].State != OK {
		return p.refreshFromBoard(ctx, c)
	}
	a := p.ask(ctx, http.MethodGet, p.cardPath(c.ID), nil)
	seen, err := p.see(&a, c.ID)
	if err != nil {
		return fmt.Errorf("reading card %s: the answer is %s: %w", c.ID, a.words(), err)
	}
	c.Token, c.State = api.Integer(string(seen.Token)), seen.State
	p.recordRead(c.Record, a.status, a.start, a.end)
	return nil
}

// see reads the answer to the call of a single card: an error when it lacks what an
// update needs.
func (p *prober) see(a *answer, id string) (api.Sight, error) {
	if a.err != nil {
		return api.Sight{}, a.err
	}
	r := &api.Response{Status: a.status, Header: a.header, Body: a.body}
	seen, err := p.api.Read.See(jx.DecodeBytes(a.body), &api.Scratch{}, r, &api.Vars{ID: id})
	switch {
	case err != nil:
		return seen, err
	case api.Integer(string(seen.Token)) < 1 || bytes.ContainsAny(seen.Token, ".eE"):
		return seen, fmt.Errorf("its version is %s, which is not an integer from 1", shown(string(seen.Token)))
	case !p.api.States.Valid(seen.State):
		return seen, fmt.Errorf("its status is %s, which the contract does not know", shown(seen.State))
	}
	return seen, nil
}

// refreshFromBoard brings a card up to what the board shows.
func (p *prober) refreshFromBoard(ctx context.Context, c *card) error {
	board, seen, err := p.look(ctx)
	if err != nil {
		return err
	}
	for _, shown := range board.Records {
		if shown.ID == c.ID {
			c.Record = shown
			p.recordRead(shown, seen.HTTP, seen.Start, seen.End)
			return nil
		}
	}
	return fmt.Errorf("reading the board: card %s is no longer on it", c.ID)
}

// reconcile brings a card up to what a conflict says of it, and reports whether
// that was news: the card was moved by somebody else, or read from a cache.
func (c *card) reconcile(states *api.States, a *answer) bool {
	version := api.Integer(string(a.said.Token))
	if a.success() || a.err != nil || version <= c.Token || states.Final(a.said.State) {
		return false
	}
	c.Token, c.State = version, a.said.State
	return true
}
