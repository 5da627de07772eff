package cwlocal

import (
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// state is shared by the operations.
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

// refuseRequest returns the error that the next request gets whatever it asks.
func (s *state) refuseRequest(op string) *protocol.Error {
	s.requests++
	switch {
	case isDue(s.requests, s.opts.Faults.ThrottleEvery):
		return &protocol.Error{Code: "Throttling", Shape: protocol.CoralAvailability + "ThrottlingException",
			Status: 400, Message: "Rate exceeded"}
	case slices.Contains(s.opts.Faults.Deny, op):
		return &protocol.Error{Code: "AccessDenied", Shape: protocol.CoralService + "AccessDeniedException", Status: 403,
			Message: "User: local is not authorized to perform: cloudwatch:" + op}
	}
	return nil
}
