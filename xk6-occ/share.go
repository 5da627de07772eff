package occ

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
)

// share is one call of share(): the VU's operators, each on a goroutine of its own.
type share struct {
	*player

	// The player's lock guards what follows, as it does the batch.
	sum   played
	fault error // that ended an operator
}

// playShare is `share()`: the turns of this VU's part of the operators, until the end of
// the scenario.
func (o *player) playShare(sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.prepare()
	if err != nil {
		return nil, err
	}
	if o.shared == nil {
		if o.shared, err = o.newShare(state); err == nil {
			err = o.beginRaces(state)
		}
		if err != nil {
			return nil, err
		}
	}
	return (&share{player: o}).play(state)
}

var errNoShare = errors.New("sharing the operators: functions of a script are called one at a time; let each VU play one operator, by " +
	"turns()")

// newShare makes the operators of this VU.
func (o *player) newShare(state *lib.State) (all []*operator.Operator, err error) {
	if o.script != nil {
		return nil, errNoShare
	}
	if o.place == 0 {
		o.place = o.run.shares.Add(1)
	}
	numbers, err := o.listShare(state, o.place-1)
	if err != nil {
		return nil, err
	}
	shop, over := o.shop.(*client.Client), newTransport(state, o.p.Target)
	for _, number := range numbers {
		cfg := o.config(number)
		cfg.Record, cfg.Shop = o.recordShared, shop.WithTransport(over)
		if direct, is := over.(*client.Direct); is {
			cfg.Shop = shop.WithTransport(direct.WithOwnConns())
		}
		op, err := operator.New(cfg)
		if err != nil {
			return nil, err
		}
		all = append(all, op)
	}
	return all, nil
}

// recordShared is record for operators who play beside each other.
func (o *player) recordShared(op *history.Op) {
	o.note(op)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.batch.take(op)
}

// listShare returns the numbers of the operators that the n-th VU of this process plays,
// counted from 0: test-wide, every so many as there are VUs.
func (o *player) listShare(state *lib.State, n int64) (numbers []int32, err error) {
	vus := countVUs(&o.p)
	s, err := findStripe(&state.Options, int64(vus))
	if err != nil {
		return nil, fmt.Errorf("sharing the operators: %w", err)
	}
	first := int(s.turn(n)) + 1
	if first > vus {
		return nil, fmt.Errorf("sharing the operators: the scenario has more VUs than the %d that parameters() says", vus)
	}
	for number := first; number <= o.p.Operators; number += vus {
		numbers = append(numbers, int32(number))
	}
	return numbers, nil
}

// play lets the operators play until the end of the scenario, and hands their samples over
// meanwhile.
func (s *share) play(state *lib.State) (sobek.Value, error) {
	ctx, cancel := s.untilEnd()
	defer cancel()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	for _, op := range s.shared {
		all.Go(func() { s.playOne(ctx, state, op) })
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		all.Wait()
	}()
	tick := time.NewTicker(defaultSpan)
	defer tick.Stop()
	for playing := true; playing; {
		select {
		case <-tick.C:
		case <-done:
			playing = false
		}
		if err := s.finishIteration(state); err != nil {
			stop()
			<-done
			return nil, err
		}
	}
	return s.sum.value(s.vu.Runtime()), nil
}

// playOne plays the turns of one operator.
func (s *share) playOne(ctx context.Context, state *lib.State, op *operator.Operator) {
	defer func() {
		if p := recover(); p != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fault = panicError("Operator.share", p)
		}
	}()
	for {
		r, err := op.Turn(ctx)
		s.mu.Lock()
		s.count(r, err, &s.sum)
		s.mu.Unlock()
		switch {
		case errors.Is(err, operator.ErrExhausted):
			s.tellUsedUp(ctx, state)
		case err != nil:
			return
		}
	}
}

// finishIteration does for all operators of the share what the player's does for one.
func (s *share) finishIteration(state *lib.State) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return s.fault
	}
	return s.player.finishIteration(state)
}
