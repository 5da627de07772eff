package occ

import (
	"errors"
	"sync"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// player is the Operator of a script: one operator, the VU's own.
type player struct {
	*instance
	p      run.Spec
	batch  batch
	end    scenarioEnd
	script *script            // nil: the API file says how the target is spoken to
	shop   operator.Shop      // from the first call on
	op     *operator.Operator // likewise
	roster *operator.Roster   // likewise

	picked operator.Picked // by pick
	listed client.List     // by list

	// Where operators share the VU:
	mu     sync.Mutex           // of the batch
	place  int64                // of this VU among those of the process, from 1; 0: none yet
	shared []*operator.Operator // from the first call on

	arrivals  *arrivals // of the scenario it played in last, when that has a rate
	scheduled string    // the name of that scenario
}

var errInit = errors.New("an Operator plays in the scenario's functions, not in the init context")

// words are the nouns of the API.
func (o *player) words() noun.Words { return o.shop.API().Words }

// records returns the ids that the script gives; nil: none.
func (o *player) records() []string {
	if o.script == nil {
		return nil
	}
	return o.script.records
}

// checkReturned returns the error for a wrong value that a function of the script returned;
// without one, err.
func (o *player) checkReturned(err error) error {
	if o.script != nil && o.script.misuse != nil {
		return o.script.misuse
	}
	return err
}

func (o *player) config(number int32) operator.Config {
	return operator.Config{
		Spec: o.p, Shop: o.shop, Roster: o.roster, Number: number, Word: o.run.word,
		Record: o.record, WarmupEnd: o.run.warmupEnd(o.p.Warmup),
	}
}

func (o *player) record(op *history.Op) {
	o.note(op)
	o.batch.take(op)
}

// note records an operation, but for what k6 gets of it.
func (o *player) note(op *history.Op) {
	if op.Kind == history.Update {
		o.run.attempts.Add(1)
	}
	o.run.recording.record(op)
}

// finishIteration hands the samples over and ends the test when the history is no
// longer whole: load that is not recorded proves nothing.
func (o *player) finishIteration(state *lib.State) error {
	o.batch.push(state)
	if err := o.run.recording.err(); err != nil {
		return o.abort(err)
	}
	return o.checkReturned(nil)
}

// pausing is how long turns waits when the records are used up, so that it
// neither spins nor misses a record that came back.
const pausing = time.Second

// scenarioEnd is when k6 stops beginning iterations in a scenario.
type scenarioEnd struct {
	scenario string
	at       time.Time // zero: not known
}
