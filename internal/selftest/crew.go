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

// crew is the operators of one run.
type crew struct {
	*subject
	url  string
	load load

	begin    time.Time
	mu       sync.Mutex
	ops      []history.Op
	attempts atomic.Int64 // of the operators, races excluded
}

// isDone reports whether the load has lasted its span and is enough.
func (c *crew) isDone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.begin) >= c.load.span && len(c.ops) >= c.load.enough
}

// playRun audits, plays turns for the span, audits again, and returns what was
// recorded.
func (c *crew) playRun(ctx context.Context) ([]history.Op, error) {
	client, err := client.New(c.clientConfig(c.url))
	if err != nil {
		return nil, err
	}
	defer client.CloseIdle()
	ids, err := c.auditRecords(ctx, client, c.ids)
	if err != nil {
		return nil, err
	}
	own := c.records
	if want := own + c.load.races.Records(); len(ids) < want {
		return nil, fmt.Errorf("there are %d records, want %d", len(ids), want)
	}
	roster := operator.NewRoster(ids[:own])
	c.begin = time.Now()
	span, cancel := context.WithTimeout(ctx, time.Duration(c.load.mostSpans)*c.load.span)
	defer cancel()
	errs := make([]error, c.load.operators+1)
	var operators, racers sync.WaitGroup
	for i := range c.load.operators {
		operators.Go(func() { errs[i] = c.playTurns(span, client, roster, i+1) })
	}
	if c.load.races.Crew > 0 {
		racers.Go(func() {
			errs[c.load.operators] = c.playRaces(span, operator.NewRoster(ids[own:own+c.load.races.Records()]))
		})
	}
	operators.Wait()
	cancel()
	racers.Wait()
	_, err = c.auditRecords(ctx, client, ids)
	return c.ops, errors.Join(append(errs, err)...)
}

// playRaces plays races until the load is over.
func (c *crew) playRaces(ctx context.Context, records *operator.Roster) error {
	var shops []*client.Client
	for range c.load.races.Crew {
		client, err := client.New(c.clientConfig(c.url))
		if err != nil {
			return err
		}
		defer client.CloseIdle()
		shops = append(shops, client)
	}
	crew, err := operator.NewRaceCrew(operator.Config{Roster: records, Number: int32(c.load.operators) + 1,
		Spec:   run.Spec{RandSeed: c.seed},
		Record: c.recordOp}, shops)
	if err == nil {
		crew.Play(ctx, c.load.races, c.attempts.Load)
	}
	return err
}

// auditRecords tries again when a fault takes the answer: records that cannot be read tell
// nothing about the updates.
func (c *crew) auditRecords(ctx context.Context, client *client.Client, known []string) (ids []string, err error) {
	for range 20 {
		var ops []history.Op
		ids, err = operator.Audit(ctx, client, c.tag, known, func(o *history.Op) { ops = append(ops, *o) })
		if err == nil {
			c.ops = append(c.ops, ops...)
			return ids, nil
		}
	}
	return nil, err
}

func (c *crew) playTurns(ctx context.Context, client *client.Client, roster *operator.Roster, number int) error {
	o, err := operator.New(operator.Config{
		Shop: client, Roster: roster, Number: int32(number), Record: c.recordOp,
		Spec: run.Spec{RandSeed: c.seed, Operators: c.load.operators, Walk: c.walk, Think: c.load.think, Pause: c.load.pause,
			Budget: time.Second},
	})
	if err != nil {
		return err
	}
	for !c.isDone() {
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

func (c *crew) recordOp(o *history.Op) {
	if o.Kind == history.Update && o.Flags&history.Race == 0 {
		c.attempts.Add(1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ops = append(c.ops, *o)
}
