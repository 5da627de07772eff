package pipeline

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/rundir"
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
)

// watcher looks at a run that is under way.
type watcher struct {
	Watch
	dir       rundir.Dir
	proof     *proof
	follower  *history.Follower
	measure   *measure.Measure
	clock     func() float64 // seconds since the run's base
	decisions []gate.Decision
	ended     string // why the run was ended; empty: it was not
}

func (p *Pipeline) watcher(dir rundir.Dir, m *rundir.Manifest) *watcher {
	policy := p.Watch.Policy
	policy.Anytime = true
	w := &watcher{
		Watch: p.Watch, dir: dir, follower: history.Follow(dir.File(rundir.HistoryFile)),
		measure: measure.New(measureOptions(policy, m)),
		clock:   func() float64 { return p.Now().Sub(m.Base).Seconds() },
		proof:   newProof(dir, m, policy.Tolerated),
	}
	w.Policy = policy
	return w
}

// watched runs the load, and ends it in order once the watcher has seen enough.
// It returns the watcher, which then rests.
func (w *watcher) watched(ctx context.Context, load func(context.Context)) {
	loading, end := context.WithCancelCause(ctx)
	defer end(nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.watch(loading, end)
	}()
	load(loading)
	end(nil)
	<-done
}

// watch looks until it has seen enough or the load is over.
func (w *watcher) watch(ctx context.Context, end context.CancelCauseFunc) {
	defer func() { _ = w.follower.Close() }() // it was only read
	rest := time.NewTimer(lookEvery)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
		begin := time.Now()
		enough, err := w.look()
		switch {
		case ctx.Err() != nil, err != nil: // what is wrong with the history the checker will say
			return
		case enough:
			end(fmt.Errorf("%s", w.ended))
			return
		}
		rest.Reset(max(lookEvery, lookShare*time.Since(begin)))
	}
}

// look takes in what was recorded since the last look and reports whether that
// is enough.
func (w *watcher) look() (enough bool, err error) {
	if err := w.read(); err != nil {
		return false, err
	}
	if w.FailFast {
		if found, err := w.proof.look(int64(1e9 * w.clock())); err != nil || found != "" {
			w.ended = "an anomaly is proven: " + found
			return found != "", err
		}
	}
	if !w.UntilDecided {
		return false, nil
	}
	numbers := w.measure.Numbers()
	if w.decide(gate.Judge(w.Policy, gate.Evidence{Numbers: &numbers})) {
		w.ended = "every gate is decided: " + w.decided()
		return true, nil
	}
	return false, nil
}

func (w *watcher) read() error {
	var op history.Op
	for {
		err := w.follower.Read(&op)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		w.measure.Add(&op)
		w.proof.add(&op)
	}
}

// decide notes what a look decides for the first time, and reports whether no
// gate is left open. A gate that counts is decided for good only by a FAIL: that
// all conflicts so far were recovered says nothing about the next one, so its
// PASS must hold at the last look. Anomalies are judged when the run is over.
func (w *watcher) decide(v gate.Verdict) bool {
	open := false
	for _, g := range v.Gates {
		if g.Name == gate.AnomalyCount || w.known(g.Name) {
			continue
		}
		switch {
		case g.Verdict == gate.Inconclusive:
			open = true
		case g.Name != gate.Recovery || g.Verdict == gate.Fail:
			w.decisions = append(w.decisions, gate.Decision{Gate: g.Name, Verdict: g.Verdict, Reason: g.Reason,
				AfterS: w.clock(), Limit: g.Limit, Confidence: w.Policy.Confidence})
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
func (w *watcher) note(m *rundir.Manifest, interrupted bool) {
	m.UntilDecided = w.UntilDecided
	for _, d := range w.decisions {
		m.Decisions = append(m.Decisions, rundir.Decision{Gate: d.Gate, Verdict: string(d.Verdict), Reason: d.Reason,
			AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence})
	}
	if w.ended != "" && interrupted {
		m.State, m.Reason = rundir.Complete, "ended early, "+w.ended
	}
}

// decisions takes them from a manifest.
func decisions(m *rundir.Manifest) []gate.Decision {
	if m == nil {
		return nil
	}
	all := make([]gate.Decision, 0, len(m.Decisions))
	for _, d := range m.Decisions {
		all = append(all, gate.Decision{Gate: d.Gate, Verdict: gate.Result(d.Verdict), Reason: d.Reason,
			AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence})
	}
	return all
}
