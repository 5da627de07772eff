package operator

import (
	"context"
	"time"
)

// computeAge returns the time that a list read now lacks to be as old as that of a screen
// which was polled all the time. In an open model no operator sits
// before the screen between two turns, so a turn that has to read waits for so long
// before it goes on; without that, rare turns would never see an old list.
func (o *Operator) computeAge(now int64) time.Duration {
	if o.screen.every == 0 || !o.isOpen() {
		return 0
	}
	return time.Duration(now - o.screen.lastTick(now))
}

// idle waits between two turns and polls the screen meanwhile. The line of a
// poll tells of the record that the next turn is going to pick.
func (o *Operator) idle(ctx context.Context, pause time.Duration) {
	now := o.now()
	end := now + int64(pause)
	for o.screen.every > 0 {
		next := o.screen.nextPoll(now)
		if next >= end || o.sleepFor(ctx, time.Duration(next-now)) != nil {
			break
		}
		a := o.readList(context.WithoutCancel(ctx))
		i, _ := o.view.findFrom(o.drawAhead().pick, o.cfg.Walk)
		o.recordRead(&a, i, 1)
		if !a.OK() {
			break // the next turn reads, and takes care of a server in trouble
		}
		now = o.now()
	}
	if o.screen.every > 0 {
		pause = time.Duration(end - o.now())
	}
	_ = o.sleepFor(ctx, pause)
}
