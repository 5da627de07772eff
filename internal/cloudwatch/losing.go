package cloudwatch

import (
	"math"
	"sync/atomic"
	"time"
)

// Losing returns an observer that keeps a share of the attempts to itself, 0.1 is
// every tenth: telemetry as it is where it is never checked. It counts instead of
// drawing lots, so that how many are lost is known beforehand.
func Losing(share float64, observe func(at time.Time, latency time.Duration, conflict bool)) func(at time.Time, latency time.Duration,
	conflict bool) {
	var seen atomic.Int64
	return func(at time.Time, latency time.Duration, conflict bool) {
		n := float64(seen.Add(1))
		if math.Floor(n*share) == math.Floor((n-1)*share) {
			observe(at, latency, conflict)
		}
	}
}
