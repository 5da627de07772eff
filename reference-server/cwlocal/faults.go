package cwlocal

import (
	"time"
)

// Faults are the troubles that CloudWatch makes for its clients. The zero value
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

// isDue reports whether the n-th event is one that happens every `every` events.
func isDue(n, every int) bool { return every > 0 && n%every == 0 }

// pageSize is how many things one answer may hold.
func (f *Faults) pageSize(limit int) int {
	if f.PageSize > 0 {
		return min(f.PageSize, limit)
	}
	return limit
}
