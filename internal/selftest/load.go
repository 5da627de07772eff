package selftest

import (
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/settings"
)

// load is what the crew of a case plays.
type load struct {
	operators    int
	think, pause contention.Delay
	races        contention.Races
	span         time.Duration
	enough       int // operations that are waited for beyond the span
	mostSpans    int // that this may take
}

// hotLoad is hot enough for every pair of operations to overlap sooner or later. A
// slow machine plays few turns in the span, so the crew goes on until there are
// enough operations.
func hotLoad(span time.Duration) load {
	return load{operators: 16, think: contention.Exponential(2 * time.Millisecond), pause: contention.Exponential(2 * time.Millisecond),
		span: span, enough: 1200, mostSpans: 8}
}

// The runs of a fault that shows only in races: as many as tell luck from a find,
// and each as short as a user's first.
const (
	defaultRuns = 3
	defaultSpan = 12 * time.Second
)

// defaultLoad is that of `occbench validate` without a flag, and the number of
// cards that it plays on: a load that is chosen until it finds a fault shows
// nothing about the load that a user makes.
func defaultLoad(now func() time.Time) (load, int, error) {
	s, err := settings.Defaults(now)
	if err != nil {
		return load{}, 0, err
	}
	const latency = contention.Fixed(5 * time.Millisecond)
	cards, err := contention.CardsFor(contention.Parameters{Operators: s.Operators, Duration: defaultSpan, Pick: s.Pick, Walk: s.Walk,
		Think: s.Think, Pause: s.Pause, Board: latency, Move: latency, Attempts: s.Attempts})
	return load{operators: s.Operators, think: s.Think, pause: s.Pause, races: s.Races, span: defaultSpan, mostSpans: 1}, cards, err
}
