package occ

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
)

// schedule is when the turns of an arrival-rate scenario arrive, in ns since
// its start. k6 computes these times, too, but keeps them to itself: it tells an
// iteration its number, which does not count those that were dropped before it.
type schedule struct {
	period int64   // of a constant rate; 0: a ramp
	stages []stage // of a ramp
	length int64
	total  int64 // turns that arrive before the end
}

// stage is a part of a ramp, in which the rate goes evenly from one value to
// another.
type stage struct {
	start, length float64 // ns
	from, to      float64 // turns per ns
	before        float64 // turns until its start; the fraction counts on
}

func (s *stage) turns() float64 { return s.length * (s.from + s.to) / 2 }

// newSchedule reads the plan of a scenario.
func newSchedule(options lib.Options, name string) (*schedule, error) {
	if segment := options.ExecutionSegment; segment != nil && segment.String() != "0:1" {
		return nil, fmt.Errorf(
			"scheduling scenario %s: its rate is divided among several k6 (execution segment %s), so this one does not know its share of the turns",
			name,
			segment,
		)
	}
	s, err := scheduleOf(options.Scenarios[name])
	if err != nil {
		return nil, fmt.Errorf("scheduling scenario %s: %w", name, err)
	}
	s.total = int64(sort.Search(math.MaxInt32, func(i int) bool { return s.at(int64(i)) >= s.length-justBefore }))
	return s, nil
}

// justBefore the end, in ns, k6 may begin an iteration or not: for it, too, the
// last turn of a ramp and the end of the scenario come at the same time.
const justBefore = 1000

var errNoRate = errors.New("its executor is neither constant-arrival-rate nor ramping-arrival-rate; only at a rate are turns due")

func scheduleOf(scenario lib.ExecutorConfig) (*schedule, error) {
	switch c := scenario.(type) {
	case *executor.ConstantArrivalRateConfig:
		// k6 rounds down to whole nanoseconds, too.
		period := int64(float64(c.TimeUnit.Duration) / float64(c.Rate.Int64))
		return &schedule{period: period, length: int64(c.Duration.Duration)}, nil
	case *executor.RampingArrivalRateConfig:
		return rampOf(c), nil
	}
	return nil, errNoRate
}

func rampOf(c *executor.RampingArrivalRateConfig) *schedule {
	s := &schedule{}
	unit := float64(c.TimeUnit.Duration)
	from, before := float64(c.StartRate.Int64)/unit, 0.0
	for _, part := range c.Stages {
		next := stage{
			start: float64(s.length), length: float64(part.Duration.Duration),
			from: from, to: float64(part.Target.Int64) / unit, before: before,
		}
		s.stages = append(s.stages, next)
		s.length += int64(part.Duration.Duration)
		from, before = next.to, before+next.turns()
	}
	return s
}

// at is when turn i arrives, counted from 0; math.MaxInt64 for one that never
// does. Of a constant rate the first turn arrives at once. Of a ramp, turn i
// arrives when the area under the rate has come to i+1 turns: the x > 0 with
// from·x + (to−from)/(2·length)·x² = n, solved in the form that also holds for
// from = to.
func (s *schedule) at(i int64) int64 {
	if s.period > 0 {
		if i > s.length/s.period {
			return math.MaxInt64
		}
		return i * s.period
	}
	for k := range s.stages {
		part := &s.stages[k]
		n := float64(i+1) - part.before
		if n > part.turns() {
			continue
		}
		root := math.Sqrt(max(part.from*part.from+2*n*(part.to-part.from)/part.length, 0))
		return int64(part.start + 2*n/(part.from+root))
	}
	return math.MaxInt64
}

// until is how many turns have arrived at a time since the start.
func (s *schedule) until(since int64) int64 {
	return int64(sort.Search(int(s.total), func(i int) bool { return s.at(int64(i)) > since }))
}
