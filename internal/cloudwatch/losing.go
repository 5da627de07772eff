package cloudwatch

import (
	"math"
	"sync/atomic"
	"time"
)

// DropShare returns an observer that drops a share of the attempts, 0.1 being every tenth:
// telemetry as it is where it is never checked. It counts instead of drawing at random, so that
// the number of dropped attempts is known beforehand.
func DropShare(share float64, observe func(at time.Time, latency time.Duration, conflict bool)) func(at time.Time, latency time.Duration,
	conflict bool) {
	var seen atomic.Int64
	return func(at time.Time, latency time.Duration, conflict bool) {
		n := float64(seen.Add(1))
		if math.Floor(n*share) == math.Floor((n-1)*share) {
			observe(at, latency, conflict)
		}
	}
}
