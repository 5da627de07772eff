package metricdata

import (
	"slices"
	"time"
)

// Window is a stretch of time cut into periods, in seconds since 1970. Its
// buckets start at start, whatever the clock says: a period of 300 s asked for
// from 12:07 on gives 12:07, 12:12 and so on.
type Window struct {
	Start, End int64 // end exclusive
	Period     int64
}

// shortPeriods are the periods below a minute that CloudWatch has.
var shortPeriods = []int{1, 5, 10, 20, 30}

func IsValidPeriod(period int) bool {
	return slices.Contains(shortPeriods, period) || period > 0 && period%60 == 0
}

// NewWindow rounds the start down to the whole minute, or to the short period.
// The end is not rounded: what has not happened by then is not in the answer.
func NewWindow(start, end time.Time, period int) Window {
	grain := int64(60)
	if period < 60 {
		grain = int64(period)
	}
	w := Window{Start: FloorTime(start.Unix(), grain), End: end.Unix(), Period: int64(period)}
	if end.Nanosecond() > 0 {
		w.End++ // the second has begun
	}
	return w
}

// FloorTime rounds down to a multiple of grain, also before 1970.
func FloorTime(at, grain int64) int64 {
	down := at - at%grain
	if at < 0 && down > at {
		down -= grain
	}
	return down
}

func (w Window) bucket(at int64) int64 { return w.Start + (at-w.Start)/w.Period*w.Period }

// Len is how many buckets the window has.
func (w Window) Len() int64 {
	if w.End <= w.Start {
		return 0
	}
	return (w.End - w.Start + w.Period - 1) / w.Period
}
