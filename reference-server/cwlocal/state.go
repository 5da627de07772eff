package cwlocal

import (
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// state is what the operations share.
type state struct {
	opts     Options
	metrics  *metricdata.Store
	alarms   *alarms.Set
	requests int
	pulls    int // GetMetricData calls
}

// catchUp makes the evaluations that are due, shows the data that is visible by now, and returns the present.
func (s *state) catchUp() time.Time {
	now := s.opts.Now().UTC()
	s.alarms.EvaluateUntil(now)
	s.metrics.Reveal(now)
	s.metrics.Forget(now)
	return now
}
