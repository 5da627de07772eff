package predict

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// isRegular reports whether the arrivals on the hottest record are so regular that
// no Poisson process stands in for them: few, evenly started turns in flight,
// few operators, which come round like clockwork, or many retries, which follow
// on the conflict that made them. Ten turns a second with
// windows of 50 ms hardly ever meet on one record, yet aW/(1+aW) says 33 %.
func (e *equilibrium) isRegular() bool {
	const (
		large   = 0.25 // with smaller shares, picking at random breaks the rhythm
		few     = 5    // operators
		overlap = 20   // turns in flight
		often   = 0.1  // retries per turn
	)
	if e.Pick.IsOwn() || e.groups[0].share < large {
		return false
	}
	if e.groups[0].retries > often {
		return true
	}
	if e.IsOpen() {
		return e.Arrivals == Even && e.turns*e.first.Mean() < overlap
	}
	return e.Operators <= few
}

// simulateRuns replaces the conflict rates by those that Simulate shows: the mean of
// many short runs, because with constant delays a run keeps for ever the
// rhythm it began with.
func (e *equilibrium) simulateRuns() error {
	const runs, turns = 64, 1000
	p := e.Parameters
	p.Walk = workload.Cycle // no record must be used up while its rate is taken
	if p.IsOpen() {
		p.Rate, p.RampTo = e.turns, 0
	}
	p.Duration = time.Duration(min(1.1*turns/e.turns, 1e9) * float64(time.Second))
	p.Warmup = p.Duration / 11
	var seen Observed
	for seed := range uint64(runs) {
		o, err := Simulate(p, seed)
		if err != nil {
			return fmt.Errorf("playing a regular load: %w", err)
		}
		seen.add(o)
	}
	e.played = true
	e.adopt(seen, runs*(p.Duration-p.Warmup).Seconds())
	return nil
}

// adopt takes over what was seen in so many seconds.
func (e *equilibrium) adopt(seen Observed, seconds float64) {
	if seen.Turns == 0 {
		return
	}
	e.turns = float64(seen.Turns) / seconds
	for i := range e.groups {
		g := &e.groups[i]
		var attempts, conflicts int
		for _, record := range g.members {
			attempts += seen.RecordAttempts[record]
			conflicts += seen.RecordConflicts[record]
		}
		g.attempts = float64(attempts) / seconds / g.records()
		g.conflict, g.firsts = divideOrZero(conflicts, attempts), divideOrZero(conflicts, attempts)
		g.retries = divideOrZero(seen.Retries, seen.Turns)
		g.beaten = divideOrZero(seen.Beaten, seen.Turns)
	}
}
