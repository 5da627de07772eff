package measure

import (
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/stats"
)

// P95 is the quantile that has bounds and a gate.
const P95 = 0.95

// Options say what to measure against. The zero Options are the defaults.
type Options struct {
	Confidence float64       // one-sided, of the bounds of the p95; 0 is 0.95
	Limit      time.Duration // an update that takes this long or longer is slow; 0 is 400 ms
	Attempts   int           // updates that one turn may use up; 0 is run's default
	Budget     time.Duration // from the first conflict's answer to recovery; 0 is run's default
	Anytime    bool          // the bounds hold at every look, for a run that what is seen may end
	Stalls     *stall.List   // of the generator itself; nil: it did not watch itself
	ApartFrom  int32         // operators from this number are counted apart; 0: none are
	Samples    bool          // the values themselves are kept too
	States     *api.States   // of the records; nil: none are known
}

func (o Options) orDefaults() Options {
	if o.States == nil {
		o.States = &api.States{}
	}
	if o.Confidence == 0 {
		o.Confidence = stats.Enough
	}
	if o.Limit == 0 {
		o.Limit = 400 * time.Millisecond
	}
	if o.Attempts == 0 {
		o.Attempts = run.Default(time.Now).Attempts
	}
	if o.Budget == 0 {
		o.Budget = run.Default(time.Now).Budget
	}
	return o
}

// IsApart reports whether an operation is none of the declared load's: one of
// people in browsers, of a race, or on a clock record.
func (o *Options) IsApart(op *history.Op) bool {
	return op.IsProbe() || o.ApartFrom > 0 && op.Operator >= o.ApartFrom
}
