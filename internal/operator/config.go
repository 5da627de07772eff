package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/wait"
	"github.com/occbench/occbench/internal/workload"
)

// Config is one operator: the spec of the run, and what is the operator's own.
// Shop and Roster are required. What the spec leaves at zero holds as the table of
// run says it (Attempts, Budget, Backoff) or is none.
type Config struct {
	run.Spec
	Shop   Shop
	Roster *Roster         // the run's records, shared by all operators
	Number int32           // counts from 1; with the spec's seed it fixes picks and times
	Word   string          // begins the markers of the run's attempts; empty: derived from the spec's seed
	Picker workload.Picker // over the roster's indexes; nil: the spec's own

	// Stride is the step from a picked record that cannot be updated to the next
	// candidate, round within the records that it leads to; 0: the spec's own. With as
	// many as there are operators an operator stays on its own records.
	Stride int

	// Record gets every read and every attempt when it is over; nil: nothing is
	// recorded. It must not keep the Op.
	Record func(*history.Op)
	// WarmupEnd is the time of the shop's clock at which the warm-up is over.
	WarmupEnd int64
	// Sleep waits, or returns the context's error when that ends first; nil: a
	// timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

func (c *Config) checkValues() error {
	switch {
	case c.Shop == nil || c.Roster == nil:
		return fmt.Errorf("making operator %d: it needs a shop and a roster", c.Number)
	case c.Number < 1:
		return fmt.Errorf("making operator %d: operators count from 1", c.Number)
	case c.Roster.Len() == 0:
		return fmt.Errorf("making operator %d: the roster is empty", c.Number)
	case c.Attempts < 0 || c.Attempts > 255 || c.Budget < 0:
		return fmt.Errorf("making operator %d: attempts %d must be in 0 … 255 and budget %s not negative", c.Number, c.Attempts, c.Budget)
	case c.DoubleUpdates > 0 && isSerial(c.Shop):
		return fmt.Errorf(
			"making operator %d: the second of two clicks is sent beside the first, and this one makes one call at a time",
			c.Number,
		)
	case c.Refresh > 0 && ReadsSingly(c.Shop.API()):
		return fmt.Errorf(
			"making operator %d: refresh %s holds a list, and API %s has none that shows tokens",
			c.Number,
			c.Refresh,
			c.Shop.API().Name,
		)
	case c.Stride < 0 || c.Refresh < 0:
		return fmt.Errorf("making operator %d: stride %d and refresh %s must not be negative", c.Number, c.Stride, c.Refresh)
	case !(c.DoubleUpdates >= 0 && c.DoubleUpdates <= 1):
		return fmt.Errorf("making operator %d: share of double updates %v is not in 0 … 1", c.Number, c.DoubleUpdates)
	}
	return nil
}

func (c *Config) setDefaults() {
	preset := run.Preset()
	if c.Think == nil {
		c.Think = workload.Fixed(0)
	}
	if c.Pause == nil {
		c.Pause = workload.Fixed(0)
	}
	if c.Attempts == 0 {
		c.Attempts = preset.Attempts
	}
	if c.Budget == 0 {
		c.Budget = preset.Budget
	}
	if c.Backoff == (workload.Backoff{}) {
		c.Backoff = preset.Backoff
	}
	if c.Picker == nil {
		c.Picker = c.Pick.NewPicker(c.Roster.Len(), int(c.Number), c.Operators)
	}
	if c.Stride == 0 {
		c.Stride = c.Pick.Stride(c.Operators)
	}
	if c.Record == nil {
		c.Record = func(*history.Op) {}
	}
	if c.Sleep == nil {
		c.Sleep = wait.For
	}
}
