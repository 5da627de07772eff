package operator

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// Card is a card as an operator saw it, and what the walk does with it.
type Card struct {
	ID      string
	Status  string
	Version int64
	Target  string

	index int // in the roster
}

var errHidden = errors.New("the board does not show every card of the run, and none that it shows can be moved")

// Pick reads the board, unless there is one on the screen, and picks a card that the walk can move: the first half
// of a turn, for those who write turns of their own. It neither staggers nor
// waits. The error is the context's, what came instead of a board, or
// ErrExhausted.
func (o *Operator) Pick(ctx context.Context) (Card, client.Answer, error) {
	if err := ctx.Err(); err != nil {
		return Card{}, client.Answer{}, err
	}
	o.due = history.None
	return o.pick(context.WithoutCancel(ctx), o.take().pick)
}

// pick takes a card from the screen, or reads the board and records how it
// shows the picked card; without a card to move that is the one at start.
func (o *Operator) pick(flight context.Context, start int) (Card, client.Answer, error) {
	if o.screen.every > 0 && o.screen.current(o.now()) {
		if i, movable := o.view.from(start, o.cfg.Walk); movable {
			return o.card(i), client.Answer{}, nil
		}
	}
	a := o.look(flight)
	i, movable := start%len(o.view.cards), false
	if a.OK() {
		i, movable = o.view.from(i, o.cfg.Walk)
	}
	o.recordRead(&a, i, 1)
	switch {
	case movable:
		return o.card(i), a, nil
	case !a.OK():
		return Card{}, a, a.Failure()
	case o.view.complete():
		return Card{}, a, ErrExhausted
	default:
		return Card{}, a, errHidden
	}
}

// card returns a card of the last board.
func (o *Operator) card(i int) Card {
	now := o.view.cards[i]
	target, _ := o.next(now.status)
	return Card{ID: o.cfg.Roster.ID(i), Status: now.status, Version: now.version, Target: target, index: i}
}

// Move sends one attempt to take a picked card to its Target, which may be set
// to another one that is legal. A move that the contract forbids is not sent:
// its refusal would be the test's error and count as the server's.
func (o *Operator) Move(ctx context.Context, c Card) (client.Answer, error) {
	if err := ctx.Err(); err != nil {
		return client.Answer{}, err
	}
	if i, ours := o.cfg.Roster.Index(c.ID); !ours || i != c.index {
		return client.Answer{}, fmt.Errorf("moving card %q: it is none of the run's cards", c.ID)
	}
	if !o.states.IsLegal(c.Status, c.Target) || c.Version < 1 {
		return client.Answer{}, fmt.Errorf("moving card %s: %q to %q from version %d is no legal move", c.ID, c.Status, c.Target, c.Version)
	}
	o.due = history.None
	return o.move(context.WithoutCancel(ctx), c, 1), nil
}

// look reads the board into the view.
func (o *Operator) look(flight context.Context) client.Answer {
	a := o.cfg.Shop.List(flight, &o.board)
	o.screen.place(a.Start)
	o.screen.renew(a.Start, a.OK())
	o.view.fill(&o.board)
	return a
}

// move sends one attempt and records it.
func (o *Operator) move(flight context.Context, c Card, attempt int) client.Answer {
	a := o.cfg.Shop.Update(flight, c.ID, c.Target, c.Version)
	o.recordMove(&a, c, attempt, 0)
	o.learn(c, &a)
	return a
}

// learn takes over to the screen what an answer says: an operator knows its own
// moves, and one that did not go through shows that the board is not up to date.
func (o *Operator) learn(c Card, a *client.Answer) {
	if a.OK() {
		o.view.cards[c.index] = sight{status: a.State, version: a.Token}
	} else {
		o.screen.spoil()
	}
}
