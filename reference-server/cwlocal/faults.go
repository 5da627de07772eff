package cwlocal

import (
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Faults are what CloudWatch does to its clients on a bad day. The zero value
// is a good day.
//
// They count instead of drawing lots, so that a client's behaviour under them
// is the same in every run.
type Faults struct {
	IngestionDelay time.Duration // data and metrics are seen this long after they arrived
	PageSize       int           // at most this many datapoints, metrics, alarms or items per answer
	ThrottleEvery  int           // every n-th request is answered with Throttling
	PartialEvery   int           // every n-th GetMetricData answer lacks half of its data and says PartialData
	DropEvery      int           // every n-th datum of each metric is accepted and lost
	Deny           []string      // operations answered with AccessDenied
}

// due tells whether the n-th event is one that happens every `every` events.
func due(n, every int) bool { return every > 0 && n%every == 0 }

// refusal is the error that the next request gets whatever it asks.
func (s *state) refusal(op string) *protocol.Error {
	s.requests++
	switch {
	case due(s.requests, s.opts.Faults.ThrottleEvery):
		return &protocol.Error{Code: "Throttling", Shape: protocol.CoralAvailability + "ThrottlingException",
			Status: 400, Message: "Rate exceeded"}
	case slices.Contains(s.opts.Faults.Deny, op):
		return &protocol.Error{Code: "AccessDenied", Shape: protocol.CoralService + "AccessDeniedException", Status: 403,
			Message: "User: local is not authorized to perform: cloudwatch:" + op}
	}
	return nil
}

// pageSize is how many things one answer may hold.
func (f *Faults) pageSize(limit int) int {
	if f.PageSize > 0 {
		return min(f.PageSize, limit)
	}
	return limit
}
