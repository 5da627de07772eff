package fault

import (
	"sync"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// cacheAge is how old a cached answer may get.
const cacheAge = 300 * time.Millisecond

// boardCache remembers one board.
type boardCache struct {
	mu    sync.Mutex
	day   time.Time
	read  time.Time
	cards []appointment.Card
}

func (c *boardCache) getOrRead(day, now time.Time, read func() ([]appointment.Card, error)) ([]appointment.Card, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.day.Equal(day) && now.Sub(c.read) < cacheAge {
		return c.cards, nil
	}
	cards, err := read()
	if err == nil {
		c.day, c.read, c.cards = day, now, cards
	}
	return cards, err
}

// itemCache remembers items by their names.
type itemCache struct {
	mu   sync.Mutex
	seen map[string]seenItem
}

type seenItem struct {
	store.Item
	read time.Time
}

func (c *itemCache) getOrRead(name string, now time.Time, read func() (store.Item, error)) (store.Item, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if was, ok := c.seen[name]; ok && now.Sub(was.read) < cacheAge {
		return was.Item, nil
	}
	is, err := read()
	if err == nil {
		if c.seen == nil {
			c.seen = map[string]seenItem{}
		}
		c.seen[name] = seenItem{is, now}
	}
	return is, err
}
