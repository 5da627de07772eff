package occ

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// player is the Operator of a script: one operator, the VU's own.
type player struct {
	*instance
	p      run.Spec
	batch  batch
	end    scenarioEnd
	client *client.Client     // from the first call on
	op     *operator.Operator // likewise
	roster *operator.Roster   // likewise
	picked operator.Card      // by pick
	board  client.List        // of board

	arrivals  *arrivals // of the scenario it played in last, when that has a rate
	scheduled string    // the name of that scenario
}

// constructor is `new Operator(options)`. It only reads its parameters: the
// init context, where scripts make their operators, has no network.
func (i *instance) constructor() func(sobek.ConstructorCall) *sobek.Object {
	return func(call sobek.ConstructorCall) *sobek.Object {
		rt := i.vu.Runtime()
		_, err := i.try("Operator", func() (sobek.Value, error) {
			return nil, i.construct(call)
		})
		if err != nil {
			common.Throw(rt, err)
		}
		return nil
	}
}

func (i *instance) construct(call sobek.ConstructorCall) error {
	p, err := i.configured(call.Argument(0))
	if err != nil {
		return err
	}
	o := &player{instance: i, p: p}
	o.batch = batch{metrics: i.metrics, clock: &i.run.clock, timeout: p.Timeout, every: thinning(&p)}
	methods := map[string]function{
		"turns": o.turns, "turn": o.turn, "board": o.readBoard, "pick": o.pick, "move": o.move, "arrivals": o.playArrivals,
	}
	for name, method := range methods {
		if err := call.This.Set(name, i.guard("Operator."+name, method)); err != nil {
			return fmt.Errorf("making method %s: %w", name, err)
		}
	}
	return nil
}

var errInit = errors.New("an Operator plays in the scenario's functions, not in the init context")

// ready makes the operator in the first call, when there is a VU.
func (o *player) ready() (*lib.State, error) {
	state := o.vu.State()
	if state == nil {
		return nil, errInit
	}
	o.batch.tags.follow(state)
	if o.op != nil {
		return state, nil
	}
	if err := o.run.recording.open(o.run.path); err != nil {
		return nil, o.abort(err)
	}
	client, err := o.shop(&o.p)
	if err != nil {
		return nil, err
	}
	o.client = client
	if o.roster, err = o.enlist(&o.p, client); err != nil {
		return nil, err
	}
	if o.op, err = operator.New(o.config(state)); err != nil {
		return nil, err
	}
	return state, o.beginRaces(state)
}

func (o *player) config(state *lib.State) operator.Config {
	number := int32(max(state.VUID, 1))
	return operator.Config{
		Spec: o.p, Shop: o.client, Roster: o.roster, Number: number,
		Record: o.record, WarmupEnd: o.run.warmupEnd(o.p.Warmup),
	}
}

func (o *player) record(op *history.Op) {
	if op.Kind == history.Update {
		o.run.attempts.Add(1)
	}
	o.run.recording.record(op)
	o.batch.take(op)
}

// finished hands the samples over and ends the test when the history is no
// longer whole: load that nobody records proves nothing.
func (o *player) finished(state *lib.State) error {
	o.batch.push(state)
	if err := o.run.recording.err(); err != nil {
		return o.abort(err)
	}
	return nil
}

// pausing is how long turns waits when the cards are used up, so that it
// neither spins nor misses a card that came back.
const pausing = time.Second
