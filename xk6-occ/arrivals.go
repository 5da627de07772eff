package occ

import (
	"context"
	"errors"
	"math"
	"sync/atomic"

	"github.com/occbench/occbench/internal/operator"
)

// arrivals hands out the turns of a scenario at a rate, each once and in their
// order, to the VU that is free.
//
// k6 only says that it is time: it begins an iteration per turn, and drops it
// when no VU is free. A turn that has arrived is not lost with it; the VU that
// is free next plays it, with the arrival it had. So a slow server makes turns
// late, and their response times show it, where k6 alone would leave out just
// the turns that had to wait.
type arrivals struct {
	*schedule
	start  int64        // of the scenario, by the run's clock
	offset atomic.Int64 // from there to where k6 begins to count
	next   atomic.Int64 // the turn to hand out
	seen   atomic.Int64 // the latest look at the clock, in ns since k6 began to count
	madeUp atomic.Bool  // a turn was played for which k6 had no VU
	cut    atomic.Bool  // the load was stopped before its end
}

func newArrivals(s *schedule, start int64) *arrivals {
	a := &arrivals{schedule: s, start: start}
	if s.period == 0 {
		a.offset.Store(math.MaxInt64)
	}
	return a
}

// calibrate finds out when k6 began to count. A constant rate counts from the
// start of the scenario; a ramp from some milliseconds later, when its VUs are
// awake. No iteration begins before its time, so the offset is the least
// lateness of any, as long as each plays the turn for which it was begun.
func (a *arrivals) calibrate(now func() int64) {
	next := a.next.Load()
	if a.period > 0 || next >= a.total || a.madeUp.Load() { // in this order: madeUp is set first
		return
	}
	late := now() - a.start - a.arrivalOf(next)
	for {
		offset := a.offset.Load()
		if late >= offset || a.offset.CompareAndSwap(offset, late) {
			return
		}
	}
}

// claim returns the earliest turn that has arrived and that no VU plays;
// overdue says that k6 began no iteration for it.
func (a *arrivals) claim(now int64, overdue bool) (operator.Arrival, bool) {
	origin := a.start + a.offset.Load()
	for {
		i := a.next.Load()
		if i >= a.total || a.arrivalOf(i) > now-origin {
			return operator.Arrival{}, false
		}
		if overdue {
			a.madeUp.Store(true)
		}
		if a.next.CompareAndSwap(i, i+1) {
			return operator.Arrival{Turn: uint64(a.stripe.turn(i)), At: origin + a.arrivalOf(i)}, true
		}
	}
}

// noteEnd notes how far the load has come, and whether it was stopped there.
func (a *arrivals) noteEnd(now int64, why error) {
	if errors.Is(why, context.Canceled) { // its own end is a deadline
		a.cut.Store(true)
	}
	since := now - a.start - a.offset.Load()
	for {
		seen := a.seen.Load()
		if since <= seen || a.seen.CompareAndSwap(seen, since) {
			return
		}
	}
}

// counts returns how many turns arrived while the load lasted, and how many of
// them were not played. A load that came to its end had all of them, also those
// at which a starved k6 did not even look.
func (a *arrivals) counts(now int64) (planned, dropped int64) {
	begun, planned := a.next.Load(), a.total
	if a.cut.Load() || now < a.start+a.length {
		planned = max(a.countUntil(a.seen.Load()), begun)
	}
	return planned, planned - begun
}
