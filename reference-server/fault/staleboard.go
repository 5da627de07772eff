package fault

import (
	"context"
	"sync"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// boardAge is how old a cached board may get.
const boardAge = 300 * time.Millisecond

var staleBoard = Fault{
	Name:      "stale-board",
	Sentence:  "boards come from a cache that moves do not empty",
	Invariant: "OCC-07",
	Rate:      1,
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		return in.cache.get(day, in.now(), func() ([]appointment.Card, error) { return in.store.Board(ctx, day) })
	},
}

// boardCache remembers one board.
type boardCache struct {
	mu    sync.Mutex
	day   time.Time
	read  time.Time
	cards []appointment.Card
}

func (c *boardCache) get(day, now time.Time, read func() ([]appointment.Card, error)) ([]appointment.Card, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.day.Equal(day) && now.Sub(c.read) < boardAge {
		return c.cards, nil
	}
	cards, err := read()
	if err == nil {
		c.day, c.read, c.cards = day, now, cards
	}
	return cards, err
}
