package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

var errHidden = errors.New("the list does not show every record of the run, and none that it shows can be updated")

// Pick reads the list, unless there is one on the screen, and picks a record that the walk can update: the first half
// of a turn, for those who write turns of their own. It neither staggers nor
// waits. The error is the context's, what came instead of a list, or
// ErrExhausted.
func (o *Operator) Pick(ctx context.Context) (Picked, client.Answer, error) {
	if err := ctx.Err(); err != nil {
		return Picked{}, client.Answer{}, err
	}
	o.due = history.None
	return o.pick(context.WithoutCancel(ctx), o.takeDraws().pick)
}

// pick takes a record from the screen, or reads the list and records how it
// shows the picked record; without a record to update that is the one at start.
func (o *Operator) pick(flight context.Context, start int) (Picked, client.Answer, error) {
	if o.single {
		return o.pickSingle(flight, start)
	}
	if o.screen.every > 0 && o.screen.isCurrent(o.now()) {
		if i, movable := o.view.findFrom(start, o.cfg.Walk); movable {
			return o.pickedAt(i), client.Answer{}, nil
		}
	}
	a := o.readList(flight)
	i, movable := start%len(o.view.shown), false
	if a.OK() {
		i, movable = o.view.findFrom(i, o.cfg.Walk)
	}
	o.recordRead(&a, i, 1)
	switch {
	case movable:
		return o.pickedAt(i), a, nil
	case !a.OK():
		return Picked{}, a, a.Failure()
	case o.view.isComplete():
		return Picked{}, a, ErrExhausted
	default:
		return Picked{}, a, errHidden
	}
}

// Update sends one attempt to take a picked record to To, which may be set
// to another one that is legal. An update that the API file forbids is not sent:
// its refusal would be the test's error and count as the server's.
func (o *Operator) Update(ctx context.Context, c Picked) (client.Answer, error) {
	if err := ctx.Err(); err != nil {
		return client.Answer{}, err
	}
	if i, ours := o.cfg.Roster.Index(c.ID); !ours || i != c.index {
		return client.Answer{}, fmt.Errorf("updating %q: it is none of the records of the run", c.ID)
	}
	if !o.isLegal(&c) {
		return client.Answer{}, fmt.Errorf("updating %s: %q to %q with token %s is no legal update", c.ID, c.State, c.To, c.token())
	}
	o.due = history.None
	return o.sendUpdate(context.WithoutCancel(ctx), c, 1), nil
}

// refresh reads a record again: the whole list where there is one.
func (o *Operator) refresh(flight context.Context, i int) client.Answer {
	if o.single {
		return o.readSingle(flight, i)
	}
	return o.readList(flight)
}

// lists are those in use, of all operators: what one shows is taken over at once, so
// that few are held by many operators who think.
var lists = sync.Pool{New: func() any { return new(client.List) }}

// readList reads the list into the view.
func (o *Operator) readList(flight context.Context) client.Answer {
	list := lists.Get().(*client.List)
	defer lists.Put(list)
	list.Roster = o.view.roster
	a := o.cfg.Shop.List(flight, list)
	o.screen.setGrid(a.Start)
	o.screen.noteReading(a.Start, a.OK())
	o.view.fill(list)
	return a
}

// sendUpdate sends one attempt and records it.
func (o *Operator) sendUpdate(flight context.Context, c Picked, attempt int) client.Answer {
	o.sent = o.newAttempt(&c)
	a := o.cfg.Shop.Update(flight, &o.sent)
	o.recordAttempt(&a, &o.sent, attempt, 0)
	o.updateScreen(c, &o.sent, &a)
	return a
}

// newAttempt returns the attempt that updates a record, with a marker of its own.
func (o *Operator) newAttempt(c *Picked) client.Attempt {
	return client.Attempt{ID: c.ID, From: c.State, To: c.To, Token: c.Token, TokenText: c.TokenText, Marker: o.marker.next()}
}

// updateScreen takes over to the screen what an answer says: an operator knows its own
// updates, and one that did not go through shows that the list is not up to date,
// as does one whose answer does not carry the new token. Where every turn reads the list
// there is nothing to take over.
func (o *Operator) updateScreen(c Picked, m *client.Attempt, a *client.Answer) {
	if !o.single && o.screen.every == 0 {
		return
	}
	if !a.OK() {
		o.screen.markOld()
		return
	}
	now := sight{state: cmp.Or(a.State, m.To), token: a.Token, tokenText: a.TokenText, marker: m.Marker}
	if !o.view.isReadable(now) {
		o.screen.markOld()
	}
	o.view.setSight(c.index, now)
}
