package contention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Measured is a delay that repeats measured times, for example the latencies
// that a probe found. It has no form that ParseDelay reads.
type Measured []time.Duration // ascending, not empty

// NewMeasured takes times in any order.
func NewMeasured(times []time.Duration) (Measured, error) {
	if len(times) == 0 {
		return nil, fmt.Errorf("taking measured times as a delay: there are none; give at least one")
	}
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	if sorted[0] < 0 {
		return nil, fmt.Errorf("taking measured times as a delay: %v is negative", sorted[0])
	}
	return sorted, nil
}

// Draw returns one of the times, each alike.
func (m Measured) Draw(r *rand.Rand) time.Duration { return m[r.IntN(len(m))] }

// Mean returns their mean.
func (m Measured) Mean() time.Duration {
	var sum float64
	for _, d := range m {
		sum += float64(d)
	}
	return time.Duration(sum / float64(len(m)))
}

// String names the size and the mean of the sample.
func (m Measured) String() string {
	return fmt.Sprintf("measured (%d times, mean %v)", len(m), m.Mean().Round(10*time.Microsecond))
}
