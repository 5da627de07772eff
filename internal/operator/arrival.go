package operator

import (
	"context"
	"math"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// Arrival is a turn of an open model, which begins at a time of the clock,
// whether operators are busy or not.
type Arrival struct {
	Turn uint64 // counts from 0 over all operators; with the seed it fixes pick and times
	At   int64  // when it should begin, by the clock of the history
}

// TurnAt plays one turn of an open model, now, which is at or after the time it
// should have begun. There is no pause after it, and no patience with a server
// in trouble: new customers come all the same.
//
// Every operation says when it was scheduled: the read at the arrival, the
// first update after the think time, as if reading took no time, and a retry
// after its backoff, likewise. So the time from there to the answer holds
// every wait that was not wanted (no operator was free, the generator was late,
// the list came slowly) and none that was.
func (o *Operator) TurnAt(ctx context.Context, a Arrival) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	o.due = a.At
	if o.screen.every > 0 && !o.screen.placed {
		o.screen.setGrid(a.At - o.jitter.Int64N(o.screen.every))
	}
	o.arrivalPCG.Seed(o.cfg.RandSeed, a.Turn|1<<62)
	r, _, err := o.play(ctx, o.cfg.draw(o.arrival))
	return r, err
}

// isOpen reports whether the turn under way has a schedule.
func (o *Operator) isOpen() bool { return o.due != history.None }

// postpone schedules the next request, in an open model.
func (o *Operator) postpone(to int64) {
	if o.isOpen() {
		o.due = to
	}
}

// CountNeeded returns how many operators an open model needs, when the calls of a turn
// take so long, so that hardly a turn waits for a free one: twice as many as are
// busy on average, which is the rate times the length of a turn (Little's law), and
// what arrives within a tenth of a second more.
func CountNeeded(s *run.Spec, calls time.Duration) int {
	turn := s.Think.Mean() + calls
	n := 10 + max(s.Rate, s.RampTo)*(2*turn.Seconds()+0.1)
	return int(math.Round(min(n, mostOperators)))
}

// mostOperators bounds what CountNeeded answers: each is a JavaScript runtime.
const mostOperators = 2000
