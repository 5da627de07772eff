package occ

import (
	"errors"
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
	err := r.close()
	fields := map[string]any{"path": r.path, "operations": r.count.Load(), "dropped": 0, "error": ""}
	if err = errors.Join(err, i.run.leaveEnd(err)); err != nil {
		fields["error"] = err.Error()
		i.complain(err)
	}
	if rec := r.rec.Load(); rec != nil {
		fields["dropped"] = rec.Dropped()
	}
	quota := stall.ReadQuota()
	fields["cores"], fields["throttledMs"] = quota.Cores, (quota.Throttled - i.run.quota.Throttled).Milliseconds()
	planned, dropped := i.run.countTurns()
	fields["turns"] = newObject(i.vu.Runtime(), map[string]any{"planned": planned, "dropped": dropped})
	fields["builds"], fields["troubles"] = i.builds(), i.troubles()
	return newObject(i.vu.Runtime(), fields), nil
}

func (i *instance) builds() sobek.Value {
	rt := i.vu.Runtime()
	var all []any
	for _, b := range i.run.listBuilds() {
		first := b.First.UTC().Format(time.RFC3339Nano)
		all = append(all, newObject(rt, map[string]any{"build": b.Build, "first": first, "attempts": b.Attempts}))
	}
	return rt.NewArray(all...)
}

func (i *instance) troubles() sobek.Value {
	rt := i.vu.Runtime()
	var all []any
	for _, t := range i.run.listTroubles() {
		all = append(all, newObject(rt, map[string]any{"why": t.Why, "attempts": t.Attempts, "reads": t.Reads}))
	}
	return rt.NewArray(all...)
}
