// Package watch looks at a run while it goes on. It shows where the gates stand,
// and ends the run once what was asked for is known.
//
// Its opinion: a run may end early on what cannot be undone. So it judges the
// recording behind a watermark, before which nothing is missing; bounds hold at
// every look, and an anomaly ends a run when it is proven whatever is still under
// way.
package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// Options say what is watched.
type Options struct {
	Dir      run.Dir
	Manifest *run.Manifest              // whose spec says what ends the run before its time
	Policy   gate.Policy                // whose gates are decided
	API      *api.API                   // what the target speaks; nil: no states are known
	Shown    bool                       // the run is shown, whatever ends it
	Show     func(func(*live.Snapshot)) // changes what is shown
	Now      func() time.Time
}

// lookEvery is how often a run is looked at. A look that takes long is followed
// by a longer rest: the generator needs the processor.
const (
	lookEvery = time.Second
	lookShare = 10 // the rest is at least so many times the look
	showShare = 50 // and so many times where a look is only shown
)

// Watcher looks at a run that is under way.
type Watcher struct {
	Options
	*recording
	found     []live.Anomaly // what the last look found that is not tolerated
	first     string         // the first of it in a sentence; empty: nothing
	decisions []gate.Decision
	ended     string // why the run was ended; empty: it was not
}

// New returns a watcher that has not looked yet.
func New(o Options) *Watcher {
	o.Policy.Anytime = true
	return &Watcher{Options: o, recording: followRecording(&o)}
}

// Run runs the load, and ends it in order once the watcher has seen enough.
// When it returns the watcher rests.
func (w *Watcher) Run(ctx context.Context, load func(context.Context)) {
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
func (w *Watcher) watch(ctx context.Context, over <-chan struct{}, end context.CancelCauseFunc) {
	defer w.close()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	ending, looks := ctx.Done(), pace{share: lookShare}
	if !w.Manifest.Spec.EndsEarly() {
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
		if failed == nil && ctx.Err() == nil && looks.beginLook() {
			enough := false
			if enough, failed = w.Look(); enough && ctx.Err() == nil {
				end(errors.New(w.ended))
			}
			looks.endLook()
		}
		w.Show(func(shot *live.Snapshot) {
			shot.Elapsed = w.elapsed()
			if failed != nil { // what exactly is wrong the checker will say
				shot.Broken = "the recording cannot be followed"
			}
		})
	}
}

func (w *Watcher) showEnding() {
	w.Show(func(shot *live.Snapshot) {
		shot.Ending = cmp.Or(w.ended, live.Interrupted)
	})
}

// publish shows the last numbers of a load that is over.
func (w *Watcher) publish(failed error) {
	if !w.Shown || failed != nil {
		return
	}
	if err := w.read(); err == nil { // else the checker says what is wrong
		w.publishNumbers(w.judge())
	}
}

// elapsed is the time since the run's base.
func (w *Watcher) elapsed() time.Duration { return w.Now().Sub(w.Manifest.Base) }

// Look takes in what was recorded since the last look and reports whether that
// is enough.
func (w *Watcher) Look() (enough bool, err error) {
	if err := w.read(); err != nil {
		return false, err
	}
	w.advance(int64(w.elapsed()))
	if err := w.prove(); err != nil {
		return false, err
	}
	if w.Manifest.Spec.FailFast && w.first != "" {
		w.ended = "an anomaly is proven: " + w.first
		return true, nil
	}
	if !w.Manifest.Spec.UntilDecided && !w.Shown {
		return false, nil
	}
	numbers, v := w.judge()
	decided := w.decide(v)
	w.publishNumbers(numbers, v)
	if decided && w.Manifest.Spec.UntilDecided {
		w.ended = "every gate is decided: " + w.listDecisions()
		return true, nil
	}
	return false, nil
}

// prove notes the anomalies that are not tolerated.
func (w *Watcher) prove() error {
	if !w.Manifest.Spec.FailFast && !w.Shown {
		return nil
	}
	found, err := w.checker.Look(w.replay)
	if err != nil {
		return err
	}
	w.found, w.first = nil, ""
	for i := range found {
		f := &found[i]
		if slices.Contains(w.Policy.Tolerated, f.ID.String()) {
			continue
		}
		w.first = cmp.Or(w.first, f.ID.String()+", "+f.Sentence)
		w.found = append(w.found, live.NewAnomaly(f))
	}
	return nil
}

// judge asks the gates about what was read. What is to end the run is decided on
// what nothing is missing from.
func (w *Watcher) judge() (measure.Numbers, gate.Verdict) {
	numbers := w.all.Numbers()
	judged := numbers
	if w.Manifest.Spec.UntilDecided {
		judged = w.begun.Numbers()
		judged.Recovery = numbers.Recovery // counts, and a turn that is known to be lost stays lost
	}
	return numbers, gate.Judge(w.Policy, gate.Evidence{Numbers: &judged})
}

// decide notes what a look decides for the first time, and reports whether no
// gate is left open. A gate that counts is decided for good only by a FAIL: that
// all conflicts so far were recovered says nothing about the next one, so its
// PASS must hold at the last look. Anomalies are judged when the run is over.
func (w *Watcher) decide(v gate.Verdict) bool {
	open := false
	for _, g := range v.Gates {
		kind := gate.RuleOf(g.Name).Kind
		if kind == gate.None || w.isDecided(g.Name) {
			continue
		}
		switch {
		case g.Verdict == gate.Inconclusive:
			open = true
		case kind == gate.Bounded || g.Verdict == gate.Fail:
			w.decisions = append(w.decisions, gate.Decision{Gate: g.Name, Verdict: g.Verdict, Reason: g.Reason,
				AfterS: w.elapsed().Seconds(), Limit: g.Limit, Confidence: w.Policy.Confidence, Before: w.moment})
		}
	}
	return !open
}

func (w *Watcher) isDecided(name string) bool {
	return slices.ContainsFunc(w.decisions, func(d gate.Decision) bool { return d.Gate == name })
}

// listDecisions returns the decisions as text.
func (w *Watcher) listDecisions() string {
	parts := make([]string, 0, len(w.decisions))
	for _, d := range w.decisions {
		parts = append(parts, fmt.Sprintf("%s %s after %.1f s", d.Gate, d.Verdict, d.AfterS))
	}
	return strings.Join(parts, ", ")
}

// Note writes into the manifest what the watcher came to. A run that it ended is
// complete: nothing is missing that was to be seen.
func (w *Watcher) Note(m *run.Manifest, interrupted bool) {
	for _, d := range w.decisions {
		if !w.Manifest.Spec.UntilDecided {
			break // they were only shown
		}
		m.Decisions = append(m.Decisions, run.Decision{Gate: d.Gate, Verdict: string(d.Verdict), Reason: d.Reason,
			AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence, BeforeNS: d.Before})
	}
	if w.ended != "" && interrupted {
		m.State, m.Reason = run.Complete, "ended early, "+w.ended
	}
}
