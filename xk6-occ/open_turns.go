package occ

import (
	"context"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/operator"
)

// playArrivals is `arrivals()`: the turn for which k6 began this iteration, and
// those that are overdue because everybody was busy.
func (o *player) playArrivals(sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ensureReady()
	if err != nil {
		return nil, err
	}
	if err := o.schedule(state); err != nil {
		return nil, err
	}
	ctx, cancel := o.untilEnd()
	defer cancel()
	var sum played
	o.arrivals.calibrate(o.run.clock.now)
	defer func() { o.arrivals.noteEnd(o.run.clock.now(), ctx.Err()) }()
	for overdue := false; ctx.Err() == nil; overdue = true {
		arrival, due := o.arrivals.claim(o.run.clock.now(), overdue)
		if !due {
			break
		}
		o.playDue(ctx, arrival, &sum)
		if err := o.finishIteration(state); err != nil {
			return nil, err
		}
	}
	return sum.value(o.vu.Runtime()), nil
}

// schedule finds the arrivals of the VU's scenario.
func (o *player) schedule(state *lib.State) error {
	scenario := lib.GetScenarioState(o.vu.Context())
	if scenario == nil {
		return errNoRate
	}
	if o.arrivals != nil && o.scheduled == scenario.Name {
		return nil
	}
	a, err := o.run.findArrivals(state.Options, scenario)
	if err != nil {
		return err
	}
	o.arrivals, o.scheduled = a, scenario.Name
	return nil
}

func (o *player) playDue(ctx context.Context, a operator.Arrival, sum *played) {
	r, err := o.op.TurnAt(ctx, a)
	o.count(r, err, sum)
	if sum.exhausted {
		o.warnUsedUp(o.vu.State())
	}
}
