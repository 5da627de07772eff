package occ

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// played sums up a batch of turns.
type played struct {
	turns, attempts, conflicts, recovered int
	exhausted                             bool
}

// limit is when a batch is over, whichever comes first; 0: never.
type limit struct {
	span  time.Duration
	turns int
}

const defaultSpan = 200 * time.Millisecond

// turns is `turns({for, count})`: turns one after the other, without a trip
// through k6's iterations between them.
func (o *player) turns(call sobek.FunctionCall) (sobek.Value, error) {
	l, err := o.limit(call.Argument(0))
	if err != nil {
		return nil, err
	}
	state, err := o.ensureReady()
	if err != nil {
		return nil, err
	}
	ctx, cancel := o.untilEnd()
	defer cancel()
	sum := o.play(ctx, l)
	if err := o.finishIteration(state); err != nil {
		return nil, err
	}
	return sum.value(o.vu.Runtime()), nil
}

// turn is `turn()`.
func (o *player) turn(sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ensureReady()
	if err != nil {
		return nil, err
	}
	ctx, cancel := o.untilEnd()
	defer cancel()
	var sum played
	r, _ := o.playOne(ctx, &sum)
	if err := o.finishIteration(state); err != nil {
		return nil, err
	}
	return toValue(o.vu.Runtime(), r), nil
}

func (o *player) play(ctx context.Context, l limit) (sum played) {
	begin := time.Now()
	for {
		if _, goesOn := o.playOne(ctx, &sum); !goesOn {
			return sum
		}
		if l.turns > 0 && sum.turns >= l.turns || l.span > 0 && time.Since(begin) >= l.span {
			return sum
		}
	}
}

// playOne plays a turn and adds it to the sum; it reports whether another one
// may follow.
func (o *player) playOne(ctx context.Context, sum *played) (r operator.Result, goesOn bool) {
	r, err := o.op.Turn(ctx)
	o.count(r, err, sum)
	if sum.exhausted {
		o.tellUsedUp(ctx, o.vu.State())
	}
	return r, err == nil
}

// count adds a turn to the sum.
func (o *player) count(r operator.Result, err error, sum *played) {
	sum.attempts += r.Attempts
	sum.conflicts += r.Conflicts
	if r.Conflicts > 0 {
		o.batch.addRecovered(r.Recovered)
		sum.recovered += int(toFloat(r.Recovered))
	}
	sum.exhausted = sum.exhausted || errors.Is(err, operator.ErrExhausted)
	if err == nil {
		sum.turns++
	}
}

// tellUsedUp says once that no record is left to update, and waits.
func (o *player) tellUsedUp(ctx context.Context, state *lib.State) {
	o.warnUsedUp(state)
	select {
	case <-ctx.Done():
	case <-time.After(pausing):
	}
}

func (o *player) warnUsedUp(state *lib.State) {
	if o.run.exhausted.CompareAndSwap(false, true) {
		state.Logger.Warnf(
			"the %s are used up: none of the %d in play can be taken further (walk %s)",
			o.words().Records(),
			o.roster.Len(),
			o.p.Walk,
		)
	}
}

// limit reads {for: '200ms', count: 10}; for is a duration or milliseconds.
func (o *player) limit(options sobek.Value) (limit, error) {
	if common.IsNullish(options) {
		return limit{span: defaultSpan}, nil
	}
	var l limit
	object := options.ToObject(o.vu.Runtime())
	for _, key := range object.Keys() {
		value, err := object.Get(key), error(nil)
		switch key {
		case "for":
			l.span, err = parseDuration(value)
		case "count":
			l.turns, err = run.NewCountCodec(math.MaxInt32).Parse(value.String())
		default:
			err = errors.New("there are only for and count")
		}
		if err != nil {
			return limit{}, fmt.Errorf("reading option %q of turns: %w", key, err)
		}
	}
	if l == (limit{}) {
		l.span = defaultSpan
	}
	return l, nil
}

// spans are the durations of a limit.
var spans = run.NewDurationCodec(time.Nanosecond, "200ms")

// parseDuration reads a duration as k6 does: a number counts milliseconds.
func parseDuration(value sobek.Value) (time.Duration, error) {
	if ms, isNumber := value.Export().(int64); isNumber {
		return spans.Parse((time.Duration(ms) * time.Millisecond).String())
	}
	return spans.Parse(value.String())
}

func (s *played) value(rt *sobek.Runtime) sobek.Value {
	return newObject(rt, map[string]any{
		"turns": s.turns, "attempts": s.attempts, "conflicts": s.conflicts, "recovered": s.recovered, "exhausted": s.exhausted,
	})
}

func toValue(rt *sobek.Runtime, r operator.Result) sobek.Value {
	fields := map[string]any{
		"record": r.Record, "attempts": r.Attempts, "conflicts": r.Conflicts, "recovered": r.Recovered,
		"outcome": "", "error": "",
	}
	if r.Outcome != 0 {
		fields["outcome"] = r.Outcome.String()
	}
	if r.Err != nil {
		fields["error"] = r.Err.Error()
	}
	return newObject(rt, fields)
}

func newObject(rt *sobek.Runtime, fields map[string]any) sobek.Value {
	o := rt.NewObject()
	for name, value := range fields {
		if err := o.Set(name, value); err != nil {
			panic("making an object: " + err.Error()) // a new object takes everything
		}
	}
	return o
}
