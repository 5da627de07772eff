package operator

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// twice sends a first attempt and, a moment later, the same once more, as
// somebody does who has not seen yet what became of the first click. Both name
// the version that was read, so at most one can win and the other's conflict is
// the client's own. The turn goes on when both are answered.
//
// It returns the answer that the turn goes on with: that of the second click
// only if it did what the first did not.
func (o *Operator) twice(flight context.Context, c Card, gap time.Duration) client.Answer {
	var second client.Answer
	var fault any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { fault = recover() }()
		_ = o.cfg.Sleep(flight, gap) // flight does not end
		second = o.cfg.Shop.Update(flight, c.ID, c.Target, c.Version)
	}()
	first := o.cfg.Shop.Update(flight, c.ID, c.Target, c.Version)
	<-done
	if fault != nil {
		panic(fault)
	}
	o.recordTwice(&first, &second, c, gap)
	if second.OK() && !first.OK() {
		first = second
	}
	o.learn(c, &first)
	return first
}

// recordTwice records the clicks in the order of their answers.
func (o *Operator) recordTwice(first, second *client.Answer, c Card, gap time.Duration) {
	wanted := o.due
	record := func(a *client.Answer, later time.Duration, flags history.Flags) {
		o.postpone(wanted + int64(later))
		o.recordMove(a, c, 1, flags)
		o.due = wanted
	}
	if overtook := second.End != history.None && (first.End == history.None || second.End < first.End); overtook {
		record(second, gap, history.Double)
		record(first, 0, 0)
		return
	}
	record(first, 0, 0)
	record(second, gap, history.Double)
}
