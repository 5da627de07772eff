package cwlocal

import (
	"slices"
	"time"
)

// window is a stretch of time cut into periods, in seconds since 1970. Its
// buckets start at start, whatever the clock says: a period of 300 s asked for
// from 12:07 on gives 12:07, 12:12 and so on.
type window struct {
	start, end int64 // end exclusive
	period     int64
}

// shortPeriods are the periods below a minute that CloudWatch has.
var shortPeriods = []int{1, 5, 10, 20, 30}

func validPeriod(period int) bool {
	return slices.Contains(shortPeriods, period) || period > 0 && period%60 == 0
}

// windowOf rounds the start down to the whole minute, or to the short period.
// The end is not rounded: what has not happened by then is not in the answer.
func windowOf(start, end time.Time, period int) window {
	grain := int64(60)
	if period < 60 {
		grain = int64(period)
	}
	w := window{start: floor(start.Unix(), grain), end: end.Unix(), period: int64(period)}
	if end.Nanosecond() > 0 {
		w.end++ // the second has begun
	}
	return w
}

// floor rounds down to a multiple of grain, also before 1970.
func floor(at, grain int64) int64 {
	down := at - at%grain
	if at < 0 && down > at {
		down -= grain
	}
	return down
}

func (w window) bucket(at int64) int64 { return w.start + (at-w.start)/w.period*w.period }

// len is how many buckets the window has.
func (w window) len() int64 {
	if w.end <= w.start {
		return 0
	}
	return (w.end - w.start + w.period - 1) / w.period
}
