package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/watch"
	"github.com/occbench/occbench/internal/workload"
)

// album keeps what was shown.
type album []live.Snapshot

func (a *album) Show(s live.Snapshot) { *a = append(*a, s) }

func (a album) last() live.Snapshot { return a[len(a)-1] }

// A run that is only watched is not ended by what is seen, its manifest says
// nothing of it, and what is shown last is the whole recording.
func TestShowingDecidesNothing(t *testing.T) {
	ops, m := recordRun(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var shown album
	m.State, m.Base = run.Complete, time.Now()
	p := &Pipeline{Live: &shown}
	w := watch.New(watch.Options{Policy: gate.Default(), Dir: dir, Manifest: &m, Shown: true, Show: p.updateSnapshot, Now: time.Now})
	writeOps(t, dir, ops[:len(ops)/2])
	if enough, err := w.Look(); enough || err != nil {
		t.Fatalf("look: %v, %v", enough, err)
	}
	half := shown.last()
	w.Run(t.Context(), func(ctx context.Context) {
		writeOps(t, dir, ops)
		if ctx.Err() != nil {
			t.Error("the load is ended")
		}
	})
	moves, conflicts := 0, 0
	for _, op := range ops {
		if op.Kind == history.Update {
			moves++
		}
		if op.Outcome == history.Conflict {
			conflicts++
		}
	}
	end := shown.last()
	if half.Attempts == 0 || half.Attempts >= end.Attempts {
		t.Errorf("%d moves at half time, %d at the end", half.Attempts, end.Attempts)
	}
	if end.Attempts != moves || end.Conflicts != conflicts || end.P95MS == nil || end.Errors != 0 || len(end.Gates) < 5 {
		t.Errorf("%+v, want %d moves and %d conflicts", end, moves, conflicts)
	}
	before := m
	w.Note(&m, false)
	if diff := cmp.Diff(before, m, cmp.AllowUnexported(workload.Pick{}, workload.Backoff{})); diff != "" {
		t.Errorf("the manifest (-before +after)\n%s", diff)
	}
}

// What a correct server decides stays decided; what counts is open to the end,
// unless it is broken.
func TestGatesOnTheWay(t *testing.T) {
	ops, m := recordRun(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var shown album
	p := &Pipeline{Live: &shown}
	w := watch.New(watch.Options{Policy: gate.Default(), Dir: dir, Manifest: &m, Shown: true, Show: p.updateSnapshot, Now: time.Now})
	w.Policy.Limits = map[string]float64{gate.ConflictRate: 0.999, gate.ErrorRate: 0.1}
	writeOps(t, dir, ops)
	if _, err := w.Look(); err != nil {
		t.Fatal(err)
	}
	decided := func() map[string]gate.Result {
		all := map[string]gate.Result{}
		for _, g := range shown.last().Gates {
			all[g.Name] = g.Decided
		}
		return all
	}
	want := map[string]gate.Result{gate.ErrorRate: gate.Pass, gate.P95: gate.Pass, gate.ConflictRate: gate.Pass, gate.Recovery: "", gate.AnomalyCount: ""}
	got := decided()
	if got[gate.Recovery] == gate.Fail { // the moves of this crew are not retried
		delete(got, gate.Recovery)
		delete(want, gate.Recovery)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Ctrl-C is shown as what it is, the end of the load in order, and what was
// recorded until then is read to its end.
func TestInterruptIsShown(t *testing.T) {
	ops, m := recordRun(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan string, 100)
	var last live.Snapshot
	p := &Pipeline{Live: showFunc(func(s live.Snapshot) {
		last = s
		if s.Ending != "" {
			seen <- s.Ending
		}
	})}
	ctx, interrupt := context.WithCancel(t.Context())
	m.Spec.UntilDecided = true
	w := watch.New(watch.Options{Policy: gate.Default(), Dir: dir, Manifest: &m, Shown: true, Show: p.updateSnapshot, Now: time.Now})
	w.Run(ctx, func(context.Context) {
		interrupt()
		if got := <-seen; got != live.Interrupted {
			t.Errorf("shown: %q", got)
		}
		writeOps(t, dir, ops)
	})
	if w.Note(&m, false); last.Attempts == 0 || m.Reason != "" {
		t.Errorf("%d moves, ended %q", last.Attempts, m.Reason)
	}
}

type showFunc func(live.Snapshot)

func (f showFunc) Show(s live.Snapshot) { f(s) }
