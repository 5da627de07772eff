package selftest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// tag marks the cards of all cases.
const tag = "selftest"

// crew is the operators of one case.
type crew struct {
	target   client.Config
	scenario scenario
	load     load
	seed     uint64

	begin    time.Time
	mu       sync.Mutex
	ops      []history.Op
	attempts atomic.Int64 // of the operators, races excluded
}

// done reports whether the load has lasted its span and is enough.
func (c *crew) done() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.begin) >= c.load.span && len(c.ops) >= c.load.enough
}

// work audits, plays turns for the span, audits again, and returns what was
// recorded.
func (c *crew) work(ctx context.Context) ([]history.Op, error) {
	client, err := client.New(c.target)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdle()
	cards, err := c.audit(ctx, client, nil)
	if err != nil {
		return nil, err
	}
	own := c.scenario.cards
	if want := own + c.load.races.Records(); len(cards) < want {
		return nil, fmt.Errorf("the board has %d cards, want %d", len(cards), want)
	}
	roster := operator.NewRoster(cards[:own])
	c.begin = time.Now()
	span, cancel := context.WithTimeout(ctx, time.Duration(c.load.mostSpans)*c.load.span)
	defer cancel()
	errs := make([]error, c.load.operators+1)
	var operators, racers sync.WaitGroup
	for i := range c.load.operators {
		operators.Go(func() { errs[i] = c.play(span, client, roster, i+1) })
	}
	if c.load.races.Crew > 0 {
		racers.Go(func() {
			errs[c.load.operators] = c.race(span, operator.NewRoster(cards[own:own+c.load.races.Records()]))
		})
	}
	operators.Wait()
	cancel()
	racers.Wait()
	_, err = c.audit(ctx, client, cards)
	return c.ops, errors.Join(append(errs, err)...)
}

// race plays races until the load is over.
func (c *crew) race(ctx context.Context, records *operator.Roster) error {
	var shops []*client.Client
	for range c.load.races.Crew {
		client, err := client.New(c.target)
		if err != nil {
			return err
		}
		defer client.CloseIdle()
		shops = append(shops, client)
	}
	crew, err := operator.NewRaceCrew(operator.Config{Roster: records, Number: int32(c.load.operators) + 1,
		Spec:   run.Spec{RandSeed: c.seed},
		Record: c.record}, shops)
	if err == nil {
		crew.Play(ctx, c.load.races, c.attempts.Load)
	}
	return err
}

// audit tries again when a fault takes the answer: a board that cannot be read
// tells nothing about the moves.
func (c *crew) audit(ctx context.Context, client *client.Client, known []string) (cards []string, err error) {
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

func (c *crew) play(ctx context.Context, client *client.Client, roster *operator.Roster, number int) error {
	o, err := operator.New(operator.Config{
		Shop: client, Roster: roster, Number: int32(number), Record: c.record,
		Spec: run.Spec{RandSeed: c.seed, Operators: c.load.operators, Walk: c.scenario.walk, Think: c.load.think, Pause: c.load.pause,
			Budget: time.Second},
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
	if o.Kind == history.Update && o.Flags&history.Race == 0 {
		c.attempts.Add(1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ops = append(c.ops, *o)
}
