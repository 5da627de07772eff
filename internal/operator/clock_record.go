package operator

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// PlayClockRecord updates one record of the roster and reads the others in turn, without a pause, for a
// time. Where each generator of a run has a record of its own there and all do so at once, what each sees of
// the others' updates shows how far their clocks are apart, and no update meets another. Think, pick and walk of
// cfg mean nothing to it. A target that fails ends it: what it would have shown is no part of the load.
func PlayClockRecord(ctx context.Context, cfg Config, own int, length time.Duration) error {
	records := cfg.Roster.Len()
	cfg.Walk, cfg.Picker = workload.Cycle, workload.Pick{}.NewPicker(records, 1, 1)
	o, err := New(cfg)
	if err != nil {
		return err
	}
	o.flags = history.Clock
	flight := context.WithoutCancel(ctx)
	for until, n := o.now()+int64(length), 0; o.now() < until && ctx.Err() == nil; n++ {
		record, last, err := o.pick(flight, own)
		if err == nil {
			last = o.sendUpdate(flight, record, 1)
		}
		if err != nil || last.Outcome != history.Applied || isTroubled(&last) {
			return nil
		}
		other := (own + 1 + n%max(1, records-1)) % records
		if _, last, err = o.pick(flight, other); err != nil || isTroubled(&last) {
			return nil
		}
	}
	return nil
}
