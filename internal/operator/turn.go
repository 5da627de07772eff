package operator

import (
	"context"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// Result is the result of a turn.
type Result struct {
	Record   string // the one that was picked; empty when there was none
	Attempts int    // updates sent
	// Conflicts counts the attempts that lost; Recovered says that after a
	// loss the wish was fulfilled, by a later attempt or by another client.
	Conflicts int
	Recovered bool
	Outcome   history.Outcome // of the last call
	Err       error           // why the last call is neither good nor a conflict
}

// Turn plays one turn of a closed model and the pause after it. The context
// ends stagger, think and pause, and no turn begins once it is over; a request
// in flight is finished within the shop's timeout and a recovery within its
// budget, so that nothing that was sent is missing from the history.
//
// The error is the context's, when it ended the turn before its update, or
// ErrExhausted. What the server did is no error of a turn: the Result has it.
func (o *Operator) Turn(ctx context.Context) (Result, error) {
	if err := o.begin(ctx); err != nil {
		return Result{}, err
	}
	o.due = history.None
	d := o.takeDraws()
	r, last, err := o.play(ctx, d)
	if err == nil {
		o.rest(ctx, d.pause, &last, r.Attempts == 0 || isTroubled(&last))
	}
	return r, err
}

// play plays a turn that begins now.
func (o *Operator) play(ctx context.Context, d draws) (Result, client.Answer, error) {
	flight := context.WithoutCancel(ctx)
	begin := o.now()
	picked, last, err := o.pick(flight, d.pick)
	r := Result{Record: picked.ID, Outcome: o.op.Outcome, Err: err}
	if err == ErrExhausted {
		return r, last, err
	}
	if err != nil {
		return r, last, nil
	}
	if last.OK() {
		d.think += o.computeAge(begin)
	}
	o.postpone(o.due + int64(d.think))
	if err := o.sleepFor(ctx, d.think); err != nil {
		return r, last, err
	}
	last = o.sendFirst(flight, picked, d)
	r.add(&last)
	if last.Outcome == history.Conflict {
		last = o.recover(flight, picked, last, &r)
	}
	return r, last, nil
}

// sendFirst sends the first attempt of a turn.
func (o *Operator) sendFirst(flight context.Context, picked Picked, d draws) client.Answer {
	if d.double {
		return o.sendTwice(flight, picked, d.gap)
	}
	return o.sendUpdate(flight, picked, 1)
}

// add counts an attempt.
func (r *Result) add(a *client.Answer) {
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
