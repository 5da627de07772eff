package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// recover fulfils the wish of a record whose first attempt lost: wait, read
// again, and update with the version read, until it is done, the attempts are
// used up, or the budget is. It never sends the old version again. It returns
// the last answer.
//
// The context is one that does not end: half a recovery would be counted as a
// conflict that could not be recovered.
func (o *Operator) recover(flight context.Context, picked Picked, last client.Answer, r *Result) client.Answer {
	deadline := o.now() + int64(o.cfg.Budget)
	wait, done := time.Duration(0), false
	for attempt := 2; attempt <= o.cfg.Attempts && !done; attempt++ {
		wait = o.cfg.Backoff.Wait(attempt-1, wait, o.jitter)
		pause := max(wait, limitPause(&last))
		again := o.now() + int64(pause)
		if again > deadline || o.sleepFor(flight, pause) != nil {
			break
		}
		o.postpone(again)
		last, done = o.retry(flight, picked, deadline, attempt, r)
	}
	return last
}

// retry reads again and, unless another client did it, updates again. It reports
// whether there is no point in going on.
func (o *Operator) retry(flight context.Context, picked Picked, deadline int64, attempt int, r *Result) (last client.Answer, done bool) {
	a := o.refresh(flight, picked.index)
	o.recordRead(&a, picked.index, attempt)
	r.Outcome, r.Err = o.op.Outcome, a.Failure()
	now := o.pickedAt(picked.index)
	if !o.view.isReadable(o.view.sightOf(picked.index)) {
		if r.Err == nil {
			r.Err = fmt.Errorf("%s %s was not shown with all that an update needs", o.cfg.Shop.API().Words.Record,
				history.EncodeText(picked.ID))
		}
		return a, false
	}
	if now.State == picked.To && !o.view.stateless {
		r.Recovered = true
		return a, true
	}
	to, ok := chooseState(o.states, o.cfg.Walk, now.State, picked.To)
	ok = ok || o.view.stateless
	if !ok || o.now() > deadline {
		return a, true
	}
	now.To = to
	a = o.sendUpdate(flight, now, attempt)
	r.add(&a)
	return a, isHopeless(&a)
}

// isHopeless reports whether another attempt makes no sense: it is done, or it
// was refused for a reason that reading again does not change. After a
// failure of unknown effect the next read decides.
func isHopeless(a *client.Answer) bool {
	return a.OK() || a.Outcome == history.Rejected || a.Outcome == history.Unauthorized
}
