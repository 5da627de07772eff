package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// Watch says what ends a run before its time.
type Watch struct {
	UntilDecided bool        // every gate is decided
	FailFast     bool        // an anomaly is proven
	Policy       gate.Policy // whose gates these are
}

func (w Watch) on() bool { return w.UntilDecided || w.FailFast }

// lookEvery is how often a run is looked at. A look that takes long is followed
// by a longer rest: the generator needs the processor.
const (
	lookEvery = time.Second
	lookShare = 10 // the rest is at least so many times the look
	showShare = 50 // and so many times where a look is only shown
)

// watcher looks at a run that is under way.
type watcher struct {
	Watch
	show      func(func(*live.Snapshot))
	shown     bool // somebody watches
	dir       run.Dir
	proof     *proof
	follower  *history.Follower
	stalls    *run.StallFollower
	measure   *measure.Measure // of all that was read
	settled   *settled
	clock     func() float64 // seconds since the run's base
	moment    int64          // before which the operations of the last look began, ns since the base
	decisions []gate.Decision
	ended     string // why the run was ended; empty: it was not
	proven    pace   // looks for a proof that is only shown
}

func (p *Pipeline) watcher(dir run.Dir, m *run.Manifest) *watcher {
	policy := p.Watch.Policy
	policy.Anytime = true
	stalls := dir.FollowStalls()
	options := evidence.MeasureOptions(policy, m, stalls.List)
	w := &watcher{
		stalls: stalls,
		Watch:  p.Watch, show: p.show, shown: p.Live != nil, dir: dir, follower: history.Follow(dir.File(run.HistoryFile)),
		measure: measure.New(options),
		settled: newSettled(options),
		clock:   func() float64 { return p.Now().Sub(m.Base).Seconds() },
		proof:   newProof(dir, m, policy.Tolerated),
	}
	w.Policy = policy
	return w
}

// watched runs the load, and ends it in order once the watcher has seen enough.
// When it returns the watcher rests.
func (w *watcher) watched(ctx context.Context, load func(context.Context)) {
	loading, end := context.WithCancelCause(ctx)
	defer end(nil)
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		w.watch(loading, over, end)
	}()
	load(loading)
	close(over)
	<-done
}

// watch looks until the load is over, and ends it when it has seen enough.
func (w *watcher) watch(ctx context.Context, over <-chan struct{}, end context.CancelCauseFunc) {
	defer func() { _, _ = w.follower.Close(), w.stalls.Close() }() // they were only read
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	ending, looks := ctx.Done(), pace{share: lookShare}
	if !w.on() {
		looks.share = showShare
	}
	for failed := error(nil); ; {
		select {
		case <-over:
			if ending != nil && ctx.Err() != nil { // both came during one look
				w.showEnding()
			}
			w.publish(failed)
			return
		case <-ending:
			ending = nil
			w.showEnding()
			continue
		case <-tick.C:
		}
		if failed == nil && ctx.Err() == nil && looks.due() {
			enough := false
			if enough, failed = w.look(); enough && ctx.Err() == nil {
				end(errors.New(w.ended))
			}
			looks.done()
		}
		w.show(func(shot *live.Snapshot) {
			shot.Elapsed = w.elapsed()
			if failed != nil { // what exactly is wrong the checker will say
				shot.Broken = "the recording cannot be followed"
			}
		})
	}
}

func (w *watcher) showEnding() {
	w.show(func(shot *live.Snapshot) { shot.Ending = cmp.Or(w.ended, "what is in flight is waited for") })
}

// publish shows the last numbers of a load that is over.
func (w *watcher) publish(failed error) {
	if !w.shown || failed != nil {
		return
	}
	if err := w.read(); err == nil { // else the checker says what is wrong
		w.publishNumbers(w.judge())
	}
}

func (w *watcher) elapsed() time.Duration { return time.Duration(w.clock() * float64(time.Second)) }

// look takes in what was recorded since the last look and reports whether that
// is enough.
func (w *watcher) look() (enough bool, err error) {
	if err := w.read(); err != nil {
		return false, err
	}
	if err := w.prove(); err != nil {
		return false, err
	}
	if w.FailFast && w.proof.first != "" {
		w.ended = "an anomaly is proven: " + w.proof.first
		return true, nil
	}
	if !w.UntilDecided && !w.shown {
		return false, nil
	}
	numbers, v := w.judge()
	decided := w.decide(v)
	w.publishNumbers(numbers, v)
	if decided && w.UntilDecided {
		w.ended = "every gate is decided: " + w.decided()
		return true, nil
	}
	return false, nil
}

// prove looks for a proof, at a look's price where it may end the run.
func (w *watcher) prove() error {
	switch {
	case w.FailFast:
		_, err := w.proof.look(int64(1e9 * w.clock()))
		return err
	case w.shown && w.proven.due():
		_, err := w.proof.look(int64(1e9 * w.clock()))
		w.proven.done()
		return err
	}
	return nil
}

// judge asks the gates about what was read. What is to end the run is decided on
// what nothing is missing from.
func (w *watcher) judge() (measure.Numbers, gate.Verdict) {
	numbers := w.measure.Numbers()
	evidence := numbers
	if w.UntilDecided {
		w.moment = w.proof.moment(int64(1e9 * w.clock()))
		evidence = w.settled.numbers(w.moment)
		evidence.Recovery = numbers.Recovery // counts, and a turn that is known to be lost stays lost
	}
	return numbers, gate.Judge(w.Policy, gate.Evidence{Numbers: &evidence})
}

// read takes in what was recorded since the last look. The stalls are read last:
// what settled judges began long enough ago to have all of its stalls here.
func (w *watcher) read() error {
	var op history.Op
	for {
		err := w.follower.Read(&op)
		if err == io.EOF {
			return w.stalls.Read()
		}
		if err != nil {
			return err
		}
		w.take(&op)
	}
}

// take takes in one operation.
func (w *watcher) take(op *history.Op) {
	w.measure.Add(op)
	w.proof.add(op)
	if w.UntilDecided {
		w.settled.add(op)
	}
}

// decide notes what a look decides for the first time, and reports whether no
// gate is left open. A gate that counts is decided for good only by a FAIL: that
// all conflicts so far were recovered says nothing about the next one, so its
// PASS must hold at the last look. Anomalies are judged when the run is over.
func (w *watcher) decide(v gate.Verdict) bool {
	open := false
	for _, g := range v.Gates {
		kind := gate.RuleOf(g.Name).Kind
		if kind == gate.None || w.known(g.Name) {
			continue
		}
		switch {
		case g.Verdict == gate.Inconclusive:
			open = true
		case kind == gate.Bounded || g.Verdict == gate.Fail:
			w.decisions = append(w.decisions, gate.Decision{Gate: g.Name, Verdict: g.Verdict, Reason: g.Reason,
				AfterS: w.clock(), Limit: g.Limit, Confidence: w.Policy.Confidence, Before: w.moment})
		}
	}
	return !open
}

func (w *watcher) known(name string) bool {
	return slices.ContainsFunc(w.decisions, func(d gate.Decision) bool { return d.Gate == name })
}

// decided lists the decisions.
func (w *watcher) decided() string {
	parts := make([]string, 0, len(w.decisions))
	for _, d := range w.decisions {
		parts = append(parts, fmt.Sprintf("%s %s after %.1f s", d.Gate, d.Verdict, d.AfterS))
	}
	return strings.Join(parts, ", ")
}

// note writes into the manifest what the watcher came to. A run that it ended is
// complete: nothing is missing that was to be seen.
func (w *watcher) note(m *run.Manifest, interrupted bool) {
	m.UntilDecided = w.UntilDecided
	for _, d := range w.decisions {
		if !w.UntilDecided {
			break // they were only shown
		}
		m.Decisions = append(m.Decisions, run.Decision{Gate: d.Gate, Verdict: string(d.Verdict), Reason: d.Reason,
			AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence, BeforeNS: d.Before})
	}
	if w.ended != "" && interrupted {
		m.State, m.Reason = run.Complete, "ended early, "+w.ended
	}
}
