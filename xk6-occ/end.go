package occ

import (
	"context"
	"time"

	"go.k6.io/k6/v2/lib"
)

// untilEnd is the VU's context until the end of its scenario. k6 would let a
// turn run on through its graceful stop, waits included; nothing is
// learnt from an operator who thinks for another ten seconds.
func (o *player) untilEnd() (context.Context, context.CancelFunc) {
	ctx := o.vu.Context()
	at := o.endOfScenario()
	if at.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, at)
}

// endOfScenario is the end of the VU's scenario; zero: it is not known.
func (o *player) endOfScenario() time.Time {
	state := lib.GetScenarioState(o.vu.Context())
	if state == nil {
		return time.Time{}
	}
	if o.end.scenario != state.Name {
		o.end = scenarioEnd{scenario: state.Name, at: endOf(o.vu.State().Options, state)}
		if !o.end.at.IsZero() {
			o.run.loadEnd.Store(max(o.run.loadEnd.Load(), o.run.clock.timeAt(o.end.at)))
		}
	}
	return o.end.at
}

// endOf is the end of k6's plan for the scenario without its graceful stop.
func endOf(options lib.Options, state *lib.ScenarioState) time.Time {
	scenario, known := options.Scenarios[state.Name]
	if !known {
		return time.Time{}
	}
	whole, err := lib.NewExecutionTuple(nil, nil)
	if err != nil {
		return time.Time{}
	}
	length, final := lib.GetEndOffset(scenario.GetExecutionRequirements(whole))
	if !final || length <= scenario.GetGracefulStop() {
		return time.Time{}
	}
	return state.StartTime.Add(length - scenario.GetGracefulStop())
}
