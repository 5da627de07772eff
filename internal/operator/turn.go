package operator

import (
	"context"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/shop"
)

// Result is what became of a turn.
type Result struct {
	Card     string // the card picked; empty when there was none
	Attempts int    // moves sent
	// Conflicts counts the attempts that lost; Recovered says that after a
	// loss the wish was fulfilled, by a later attempt or by somebody else.
	Conflicts int
	Recovered bool
	Outcome   history.Outcome // of the last call
	Err       error           // why the last call is neither good nor a conflict
}

// Turn plays one turn and the pause after it. The context ends stagger, think
// and pause, and no turn begins once it is over; a request in flight is
// finished within the shop's timeout and a recovery within its budget, so that
// nothing that was sent is missing from the history.
//
// The error is the context's, when it ended the turn before its move, or
// ErrExhausted. What the server did is no error of a turn: the Result has it.
func (o *Operator) Turn(ctx context.Context) (Result, error) {
	if err := o.begin(ctx); err != nil {
		return Result{}, err
	}
	flight := context.WithoutCancel(ctx)
	d := o.draw()
	card, read, err := o.pick(flight, d.pick)
	r := Result{Card: card.ID, Outcome: o.op.Outcome, Err: err}
	if err == ErrExhausted {
		return r, err
	}
	if err != nil {
		o.rest(ctx, d.pause, &read, true)
		return r, nil
	}
	if err := o.sleep(ctx, d.think); err != nil {
		return r, err
	}
	last := o.move(flight, card, 1)
	r.add(&last)
	if last.Outcome == history.Conflict {
		last = o.recover(flight, card, last, &r)
	}
	o.rest(ctx, d.pause, &last, troubled(&last))
	return r, nil
}

// add counts an attempt.
func (r *Result) add(a *shop.Answer) {
	r.Attempts++
	r.Outcome, r.Err = a.Outcome, nil
	switch {
	case a.OK():
		r.Recovered = r.Conflicts > 0
	case a.Outcome == history.Conflict:
		r.Conflicts++
	default:
		r.Err = a.Failure()
	}
}
