package occ

import (
	"errors"
	"math"
	"time"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/internal/stall"
)

// finish is `finish()`: it closes the recording and says what became of it.
// After it nothing is recorded, so it belongs into handleSummary.
func (i *instance) finish(sobek.FunctionCall) (sobek.Value, error) {
	if i.vu.State() == nil {
		return nil, errors.New("finish ends the recording; call it in handleSummary")
	}
	i.run.races.stop()
	r := &i.run.recording
	fields := map[string]any{"path": i.run.path, "operations": r.count.Load(), "dropped": 0, "error": ""}
	if err := r.close(); err != nil {
		fields["error"] = err.Error()
		i.complain(err)
	}
	if rec := r.rec.Load(); rec != nil {
		fields["dropped"] = rec.Dropped()
	}
	quota := stall.ReadQuota()
	fields["cores"], fields["throttledMs"] = quota.Cores, (quota.Throttled - i.run.quota.Throttled).Milliseconds()
	planned, dropped := i.run.load()
	fields["turns"] = object(i.vu.Runtime(), map[string]any{"planned": planned, "dropped": dropped})
	fields["builds"], fields["troubles"] = i.builds(), i.troubles()
	return object(i.vu.Runtime(), fields), nil
}

func (i *instance) builds() sobek.Value {
	rt := i.vu.Runtime()
	var all []any
	for _, b := range i.run.tally.Builds() {
		first := i.run.clock.wall(b.First).UTC().Format(time.RFC3339Nano)
		all = append(all, object(rt, map[string]any{"build": b.Build, "first": first, "attempts": b.Attempts}))
	}
	return rt.NewArray(all...)
}

func (i *instance) troubles() sobek.Value {
	rt := i.vu.Runtime()
	var all []any
	for _, t := range i.run.tally.Troubles() {
		all = append(all, object(rt, map[string]any{"why": t.Trouble.Error(), "attempts": t.Attempts, "reads": t.Reads}))
	}
	return rt.NewArray(all...)
}

// parameters is `parameters()`: what a scenario needs to declare its options.
func (i *instance) parameters(call sobek.FunctionCall) (sobek.Value, error) {
	p, err := i.configured(call.Argument(0))
	if err != nil {
		return nil, err
	}
	return object(i.vu.Runtime(), map[string]any{
		"operators":      p.Operators,
		"rate":           p.Rate,
		"rampTo":         p.RampTo,
		"maxOperators":   p.MaxOperators,
		"durationMs":     milliseconds(p.Duration),
		"warmupMs":       milliseconds(p.Warmup),
		"longestTurnMs":  milliseconds(longestTurn(&p)),
		"auditTimeoutMs": milliseconds(auditTimeout(&p)),
	}), nil
}

// milliseconds rounds up: a limit that is too short by a fraction is too short.
func milliseconds(d time.Duration) int64 {
	return int64(math.Ceil(float64(d) / float64(time.Millisecond)))
}
