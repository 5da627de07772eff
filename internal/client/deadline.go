package client

import (
	"context"
	"errors"
	"time"
)

// deadline is a context that says when a call is over and does nothing about it: the
// connection of a Direct has a deadline of its own. Without a timer, and a watch over
// the context, a call costs a tenth less. It stands for a context that nothing but the
// timeout ends.
type deadline struct {
	context.Context
	began   moment
	timeout time.Duration
}

// Deadline returns the end of the call.
func (d *deadline) Deadline() (time.Time, bool) { return d.end().time(), true }

// Err returns an error when the call is over.
func (d *deadline) Err() error {
	if now() < d.end() {
		return d.Context.Err()
	}
	return context.DeadlineExceeded
}

// end returns when the call is over.
func (d *deadline) end() moment { return d.began + moment(d.timeout) }

// newContext returns a context that is cancelled at the deadline.
func (d *deadline) newContext() (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(d.Context, d.end().time(), errTimeout)
}

// leeway is the part of its timeout by which a call may take longer: a new deadline for each
// costs a hundredth of a turn.
const leeway = 64

// MaxCallTime returns how long a call with a timeout may take at most.
func MaxCallTime(timeout time.Duration) time.Duration { return timeout + timeout/leeway }

var errTimeout = errors.New("timeout")

// moment is a time of this process on its monotonic clock, in ns since origin; 0: none. The
// clock is read in half of the time of time.Now, which reads the wall clock, too.
type moment int64

var origin = time.Now()

func now() moment { return moment(time.Since(origin)) }

// time returns the moment as a time; zero: none.
func (m moment) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return origin.Add(time.Duration(m))
}

// since returns how long ago a moment was.
func since(m moment) time.Duration { return time.Duration(now() - m) }
