package reports

import (
	"math"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// length writes a duration as Go does, without the zeros at its end: 1m, not
// 1m0s.
func length(d time.Duration) string { return run.FormatDuration(d) }

// inSeconds turns a latency in ms into seconds; one that never came is +Inf.
func inSeconds(ms *float64) float64 {
	if ms == nil {
		return math.Inf(1)
	}
	return *ms / 1000
}

// samples writes how many a gate rests on, and how many independent ones tell as
// much where that is fewer.
func samples(g gate.Gate) string {
	if g.Effective == 0 || g.Effective >= g.N {
		return amount.Count(g.N)
	}
	return amount.Count(g.N) + " (" + amount.Count(g.Effective) + " effective)"
}
