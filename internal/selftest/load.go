package selftest

import (
	"time"

	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// load is the load that the crew of a case plays.
type load struct {
	operators    int
	think, pause workload.Delay
	races        workload.Races
	span         time.Duration
	enough       int // operations that are waited for beyond the span
	mostSpans    int // that this may take
}

// newHotLoad is hot enough for every pair of operations to overlap sooner or later. A
// slow machine plays few turns in the span, so the crew goes on until there are
// enough operations.
func newHotLoad(span time.Duration) load {
	return load{operators: 16, think: workload.Exponential(2 * time.Millisecond), pause: workload.Exponential(2 * time.Millisecond),
		span: span, enough: 1200, mostSpans: 8}
}

// The runs of a fault that shows only in races: as many as tell luck from a find,
// and each as short as a user's first.
const (
	defaultRuns = 3
	defaultSpan = 12 * time.Second
)

// newDefaultLoad is that of `occbench validate` without a flag, and the number of
// records that it plays on: a load that is chosen until it finds a fault shows
// nothing about the load that a user makes.
func newDefaultLoad(now func() time.Time) (load, int, error) {
	s := run.Default(now)
	s.Duration = defaultSpan
	const latency = workload.Fixed(run.TypicalLatency)
	records, err := predict.ChooseRecords(predict.Parameters{Spec: s, Read: latency, Update: latency})
	return load{operators: s.Operators, think: s.Think, pause: s.Pause, races: s.Races, span: defaultSpan, mostSpans: 1}, records, err
}
