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
	total  int64 // turns of this generator that arrive before the end
	stripe stripe
}

// stage is a part of a ramp, in which the rate goes evenly from one value to
// another.
type stage struct {
	start, length float64 // ns
	from, to      float64 // turns per ns
	before        float64 // turns until its start; the fraction counts on
}

func (s *stage) turns() float64 { return s.length * (s.from + s.to) / 2 }

// newSchedule reads the plan of a scenario, of which this process has its segment.
func newSchedule(options lib.Options, name string) (*schedule, error) {
	s, operators, err := scheduleOf(options.Scenarios[name])
	if err == nil {
		s.stripe, err = findStripe(&options, operators)
	}
	if err != nil {
		return nil, fmt.Errorf("scheduling scenario %s: %w", name, err)
	}
	s.total = int64(sort.Search(math.MaxInt32, func(i int) bool { return s.arrivalOf(int64(i)) >= s.length-justBefore }))
	return s, nil
}

// stripe is which of the turns of all generators are this one's: k6 deals them out
// in turn, in a pattern that repeats. The zero stripe is all of them.
type stripe struct {
	start int64   // the first
	steps []int64 // from each to the next, within a round
	ahead []int64 // from the first turn of a round to each of it
	round int64   // turns of all generators in a round
}

// findStripe finds the stripe of k6's segment, in the way of k6's executors: by a
// sequence in which each segment is as long as its share of the operators.
func findStripe(options *lib.Options, operators int64) (stripe, error) {
	tuple, err := newTuple(options)
	if err == nil && operators > 0 {
		if tuple.ScaleInt64(operators) == 0 {
			return stripe{}, errNoOperator
		}
		tuple, err = tuple.GetNewExecutionTupleFromValue(operators)
	}
	if err != nil {
		return stripe{}, err
	}
	var s stripe
	s.start, s.steps, s.round = tuple.GetStripedOffsets()
	ahead := int64(0)
	for _, step := range s.steps {
		s.ahead = append(s.ahead, ahead)
		ahead += step
	}
	return s, nil
}

// turn returns which turn of all generators the turn i of this one is.
func (s *stripe) turn(i int64) int64 {
	n := int64(len(s.steps))
	if n == 0 {
		return i
	}
	return s.start + i/n*s.round + s.ahead[i%n]
}

var errNoOperator = errors.New("this segment of the load has no operator, so it plays none of its turns")

// justBefore the end, in ns, k6 may begin an iteration or not: for it, too, the
// last turn of a ramp and the end of the scenario come at the same time.
const justBefore = 1000

var errNoRate = errors.New("its executor is neither constant-arrival-rate nor ramping-arrival-rate; only at a rate are turns due")

// scheduleOf returns the schedule of all generators, and how many operators they have
// together.
func scheduleOf(scenario lib.ExecutorConfig) (s *schedule, operators int64, err error) {
	switch c := scenario.(type) {
	case *executor.ConstantArrivalRateConfig:
		// k6 rounds down to whole nanoseconds, too.
		period := int64(float64(c.TimeUnit.Duration) / float64(c.Rate.Int64))
		return &schedule{period: period, length: int64(c.Duration.Duration)}, c.MaxVUs.Int64, nil
	case *executor.RampingArrivalRateConfig:
		return newRamp(c), c.MaxVUs.Int64, nil
	}
	return nil, 0, errNoRate
}

func newRamp(c *executor.RampingArrivalRateConfig) *schedule {
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

// arrivalOf returns when turn i of this generator arrives, counted from 0; math.MaxInt64 for one
// that never does. Of a constant rate the first turn arrives at once. Of a ramp, turn i
// arrives when the area under the rate has come to i+1 turns: the x > 0 with
// from·x + (to−from)/(2·length)·x² = n, solved in the form that also holds for
// from = to.
func (s *schedule) arrivalOf(i int64) int64 {
	i = s.stripe.turn(i)
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

// countUntil returns how many turns have arrived at a time since the start.
func (s *schedule) countUntil(since int64) int64 {
	return int64(sort.Search(int(s.total), func(i int) bool { return s.arrivalOf(int64(i)) > since }))
}
