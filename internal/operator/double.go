package operator

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// sendTwice sends a first attempt and, a moment later, the same once more, as
// a person does before the answer to the first click is on the screen. Both name
// the version that was read, so at most one can win and the other's conflict is
// the client's own. The turn goes on when both are answered.
//
// It returns the answer that the turn goes on with: that of the second click
// only if it did what the first did not.
func (o *Operator) sendTwice(flight context.Context, c Picked, gap time.Duration) client.Answer {
	var second client.Answer
	var fault any
	m, again := o.newAttempt(&c), o.newAttempt(&c)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { fault = recover() }()
		_ = o.cfg.Sleep(flight, gap) // flight does not end
		second = o.cfg.Shop.Update(flight, &again)
	}()
	first := o.cfg.Shop.Update(flight, &m)
	<-done
	if fault != nil {
		panic(fault)
	}
	o.recordTwice(click{&first, &m}, click{&second, &again}, gap)
	if second.OK() && !first.OK() {
		first, m = second, again
	}
	o.updateScreen(c, &m, &first)
	return first
}

// click is one of the two attempts, and its answer.
type click struct {
	answer  *client.Answer
	attempt *client.Attempt
}

// recordTwice records the clicks in the order of their answers.
func (o *Operator) recordTwice(first, second click, gap time.Duration) {
	wanted := o.due
	record := func(c click, later time.Duration, flags history.Flags) {
		o.postpone(wanted + int64(later))
		o.recordAttempt(c.answer, c.attempt, 1, flags)
		o.due = wanted
	}
	early, late := first.answer.End, second.answer.End
	if overtook := late != history.None && (early == history.None || late < early); overtook {
		record(second, gap, history.Double)
		record(first, 0, 0)
		return
	}
	record(first, 0, 0)
	record(second, gap, history.Double)
}
