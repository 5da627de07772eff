package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// recover fulfils the wish of a card whose first attempt lost: wait, read
// again, and move with the version read, until it is done, the attempts are
// used up, or the budget is. It never sends the old version again. It returns
// the last answer.
//
// The context is one that does not end: half a recovery would be counted as a
// conflict that could not be recovered.
func (o *Operator) recover(flight context.Context, card Card, last client.Answer, r *Result) client.Answer {
	deadline := o.now() + int64(o.cfg.Budget)
	wait, done := time.Duration(0), false
	for attempt := 2; attempt <= o.cfg.Attempts && !done; attempt++ {
		wait = o.cfg.Backoff.Wait(attempt-1, wait, o.jitter)
		pause := max(wait, asked(&last))
		again := o.now() + int64(pause)
		if again > deadline || o.sleep(flight, pause) != nil {
			break
		}
		o.postpone(again)
		last, done = o.retry(flight, card, deadline, attempt, r)
	}
	return last
}

// retry reads again and, unless somebody else did it, moves again. It reports
// whether there is no point in going on.
func (o *Operator) retry(flight context.Context, card Card, deadline int64, attempt int, r *Result) (last client.Answer, done bool) {
	a := o.look(flight)
	o.recordRead(&a, card.index, attempt)
	r.Outcome, r.Err = o.op.Outcome, a.Failure()
	now := o.card(card.index)
	if !o.view.cards[card.index].readable() {
		if r.Err == nil {
			r.Err = fmt.Errorf("the board does not show card %s with a status and one version", history.EncodeText(card.ID))
		}
		return a, false
	}
	if now.Status == card.Target {
		r.Recovered = true
		return a, true
	}
	target, ok := again(o.states, o.cfg.Walk, now.Status, card.Target)
	if !ok || o.now() > deadline {
		return a, true
	}
	now.Target = target
	a = o.move(flight, now, attempt)
	r.add(&a)
	return a, hopeless(&a)
}

// hopeless reports whether another attempt makes no sense: it is done, or it
// was refused for a reason that reading again does not change. After a
// failure of unknown effect the next read decides.
func hopeless(a *client.Answer) bool {
	return a.OK() || a.Outcome == history.Rejected || a.Outcome == history.Unauthorized
}

func (o *Operator) now() int64 { return o.cfg.Shop.Clock() }
