package selftest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/shop"
)

// tag marks the cards of all cases.
const tag = "selftest"

// crew is the operators of one case.
type crew struct {
	target   shop.Config
	scenario scenario
	seed     uint64
	span     time.Duration

	begin time.Time
	mu    sync.Mutex
	ops   []history.Op
}

// A slow machine plays few turns in the span, and a race that is rare is then
// not seen. So the crew goes on until there are enough operations, for so many
// spans at most.
const (
	enough    = 1200
	mostSpans = 8
)

// done reports whether the load has lasted its span and is enough.
func (c *crew) done() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.begin) >= c.span && len(c.ops) >= enough
}

// work audits, plays turns for the span, audits again, and returns what was
// recorded.
func (c *crew) work(ctx context.Context) ([]history.Op, error) {
	client, err := shop.New(c.target)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdle()
	cards, err := c.audit(ctx, client, nil)
	if err != nil {
		return nil, err
	}
	if len(cards) < c.scenario.cards {
		return nil, fmt.Errorf("the board has %d cards, want %d", len(cards), c.scenario.cards)
	}
	roster := operator.NewRoster(cards[:c.scenario.cards])
	c.begin = time.Now()
	span, cancel := context.WithTimeout(ctx, mostSpans*c.span)
	defer cancel()
	errs := make([]error, operators)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = c.play(span, client, roster, i+1) })
	}
	wg.Wait()
	_, err = c.audit(ctx, client, roster.IDs())
	return c.ops, errors.Join(append(errs, err)...)
}

// audit tries again when a fault takes the answer: a board that cannot be read
// tells nothing about the moves.
func (c *crew) audit(ctx context.Context, client *shop.Client, known []string) (cards []string, err error) {
	for range 20 {
		var ops []history.Op
		cards, err = operator.Audit(ctx, client, tag, known, func(o *history.Op) { ops = append(ops, *o) })
		if err == nil {
			c.ops = append(c.ops, ops...)
			return cards, nil
		}
	}
	return nil, err
}

func (c *crew) play(ctx context.Context, client *shop.Client, roster *operator.Roster, number int) error {
	o, err := operator.New(operator.Config{
		Shop: client, Roster: roster, Picker: contention.Pick{}.Picker(roster.Len(), number, operators),
		Number: int32(number), Seed: c.seed, Walk: c.scenario.walk,
		Think: contention.Exponential(2 * time.Millisecond), Pause: contention.Exponential(2 * time.Millisecond),
		Budget: time.Second, Record: c.record,
	})
	if err != nil {
		return err
	}
	for !c.done() {
		_, err := o.Turn(ctx)
		if ctx.Err() != nil || errors.Is(err, operator.ErrExhausted) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *crew) record(o *history.Op) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ops = append(c.ops, *o)
}
