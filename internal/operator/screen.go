package operator

import (
	"context"
	"time"
)

// screen is a board that stays in front of an operator and is polled at the
// ticks of a grid: a turn works from what the latest tick showed, however old
// that is. A refetch after a conflict renews it between two ticks.
//
// The screen is not redrawn under the operator's hands: a tick that falls into
// a turn is made up for when the turn is over.
type screen struct {
	every  int64 // ns between ticks; 0: there is no screen, every turn reads
	placed bool  // origin is set
	origin int64 // a tick, by the clock
	shown  bool  // there is a board, and nothing is known to be wrong with it
	at     int64 // when its reading began
}

// place sets the grid, once.
func (s *screen) place(origin int64) {
	if !s.placed {
		s.placed, s.origin = true, origin
	}
}

// tick is the latest tick.
func (s *screen) tick(now int64) int64 {
	since := (now - s.origin) % s.every
	if since < 0 {
		since += s.every
	}
	return now - since
}

// current reports whether the board is the one that the latest tick showed, or
// newer.
func (s *screen) current(now int64) bool {
	return s.shown && s.at >= s.tick(now)
}

// next is when the screen wants to be polled: now when a tick was missed.
func (s *screen) next(now int64) int64 {
	if !s.current(now) {
		return now
	}
	return s.tick(now) + s.every
}

// renew notes a reading that began at this time, and whether it was answered.
func (s *screen) renew(at int64, answered bool) {
	s.shown = answered
	if answered {
		s.at = at
	}
}

// spoil marks the board as old: an answer contradicted it.
func (s *screen) spoil() { s.shown = false }

// age is what a board that is read now lacks to be as old as that of a screen
// which was polled all the time. In an open model nobody sits before the
// screen between two turns, so a turn that has to read waits for so long
// before it goes on; without that, rare turns would never see an old board.
func (o *Operator) age(now int64) time.Duration {
	if o.screen.every == 0 || !o.open() {
		return 0
	}
	return time.Duration(now - o.screen.tick(now))
}

// idle waits between two turns and polls the screen meanwhile. The line of a
// poll tells of the card that the next turn is going to pick.
func (o *Operator) idle(ctx context.Context, pause time.Duration) {
	now := o.now()
	end := now + int64(pause)
	for o.screen.every > 0 {
		next := o.screen.next(now)
		if next >= end || o.sleep(ctx, time.Duration(next-now)) != nil {
			break
		}
		a := o.look(context.WithoutCancel(ctx))
		i, _ := o.view.from(o.ahead().pick, o.cfg.Walk)
		o.recordRead(&a, i, 1)
		if !a.OK() {
			break // the next turn reads, and takes care of a server in trouble
		}
		now = o.now()
	}
	if o.screen.every > 0 {
		pause = time.Duration(end - o.now())
	}
	_ = o.sleep(ctx, pause)
}
