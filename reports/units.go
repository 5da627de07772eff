package reports

import (
	"fmt"
	"math"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// absent is what stands for a number that does not exist.
const absent = "–"

// value writes a number of a gate in the gate's unit.
func value(name string, v *float64) string {
	switch {
	case v == nil:
		return absent
	case name == gate.P95:
		return gate.Milliseconds(*v)
	case name == gate.AnomalyCount, name == gate.Telemetry, name == gate.Alarms:
		return gate.Count(int(*v))
	}
	return gate.Percent(*v)
}

// limit writes what a gate asks for.
func limit(g gate.Gate) string {
	switch g.Name {
	case gate.Recovery, gate.UX:
		return "all"
	case gate.AnomalyCount, gate.Alarms:
		return "none"
	case gate.Telemetry:
		return "= " + gate.Count(int(g.Limit))
	}
	return "< " + value(g.Name, &g.Limit)
}

// share writes a part of a whole.
func share(part, whole int) string {
	if whole == 0 {
		return absent
	}
	return gate.Percent(float64(part) / float64(whole))
}

// milliseconds writes a latency that may not exist.
func milliseconds(ms *float64) string {
	if ms == nil {
		return absent
	}
	return gate.Milliseconds(*ms)
}

// plural writes a count with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return gate.Count(n) + " " + many
}

// length writes a duration as Go does, without the zeros at its end: 1m, not
// 1m0s.
func length(d time.Duration) string { return run.FormatDuration(d) }

// seconds writes a moment or a length of the run.
func seconds(s float64) string { return fmt.Sprintf("%.1f s", s) }

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
		return gate.Count(g.N)
	}
	return gate.Count(g.N) + " (" + gate.Count(g.Effective) + " effective)"
}
