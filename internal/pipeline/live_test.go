package pipeline

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// album keeps what was shown.
type album []live.Snapshot

func (a *album) Show(s live.Snapshot) { *a = append(*a, s) }

func (a album) last() live.Snapshot { return a[len(a)-1] }

// A run that is only watched is not ended by what is seen, its manifest says
// nothing of it, and what is shown last is the whole recording.
func TestShowingDecidesNothing(t *testing.T) {
	ops, m := recorded(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var shown album
	m.State, m.Base = run.Complete, time.Now()
	p := &Pipeline{Now: time.Now, Talk: io.Discard, Live: &shown, Watch: Watch{Policy: gate.Default()}}
	w := p.watcher(dir, &m)
	write(t, dir, ops[:len(ops)/2])
	if enough, err := w.look(); enough || err != nil {
		t.Fatalf("look: %v, %v", enough, err)
	}
	half := shown.last()
	w.watched(t.Context(), func(ctx context.Context) {
		write(t, dir, ops)
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
	if half.Moves == 0 || half.Moves >= end.Moves {
		t.Errorf("%d moves at half time, %d at the end", half.Moves, end.Moves)
	}
	if end.Moves != moves || end.Conflicts != conflicts || end.P95MS == nil || end.Errors != 0 || len(end.Gates) < 5 {
		t.Errorf("%+v, want %d moves and %d conflicts", end, moves, conflicts)
	}
	before := m
	w.note(&m, false)
	if diff := cmp.Diff(before, m, cmp.AllowUnexported(workload.Pick{}, workload.Backoff{})); diff != "" {
		t.Errorf("the manifest (-before +after)\n%s", diff)
	}
}

// What a correct server decides stays decided; what counts is open to the end,
// unless it is broken.
func TestGatesOnTheWay(t *testing.T) {
	ops, m := recorded(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var shown album
	p := &Pipeline{Now: time.Now, Talk: io.Discard, Live: &shown, Watch: Watch{Policy: gate.Default()}}
	w := p.watcher(dir, &m)
	w.Policy.Limits = map[string]float64{gate.ConflictRate: 0.999, gate.ErrorRate: 0.1}
	write(t, dir, ops)
	if _, err := w.look(); err != nil {
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
	w.proof.first = "OCC-01, a lost update"
	w.publishNumbers(w.judge())
	if got := decided()[gate.AnomalyCount]; got != gate.Fail {
		t.Errorf("with a proof the gate of the anomalies is %q", got)
	}
}

// Ctrl-C is shown as what it is, the end of the load in order, and what was
// recorded until then is read to its end.
func TestInterruptIsShown(t *testing.T) {
	ops, m := recorded(t, 0)
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan string, 100)
	var last live.Snapshot
	p := &Pipeline{Now: time.Now, Talk: io.Discard, Live: showFunc(func(s live.Snapshot) {
		last = s
		if s.Ending != "" {
			seen <- s.Ending
		}
	}), Watch: Watch{UntilDecided: true, Policy: gate.Default()}}
	ctx, interrupt := context.WithCancel(t.Context())
	w := p.watcher(dir, &m)
	w.watched(ctx, func(context.Context) {
		interrupt()
		if got := <-seen; got != "what is in flight is waited for" {
			t.Errorf("shown: %q", got)
		}
		write(t, dir, ops)
	})
	if last.Moves == 0 || w.ended != "" {
		t.Errorf("%d moves, ended %q", last.Moves, w.ended)
	}
}

// A load that ends while a look goes on still shows why it did.
func TestInterruptIsShownOfALoadThatIsOver(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	over := make(chan struct{})
	close(over)
	for range 30 {
		var shown album
		p := &Pipeline{Now: time.Now, Talk: io.Discard, Live: &shown, Watch: Watch{Policy: gate.Default()}}
		p.watcher(dir, &run.Manifest{Base: time.Now()}).watch(ctx, over, func(error) {})
		if len(shown) == 0 || shown[0].Ending == "" {
			t.Fatalf("shown: %+v", shown)
		}
	}
}

type showFunc func(live.Snapshot)

func (f showFunc) Show(s live.Snapshot) { f(s) }

// Looks leave the processor to the load.
func TestPace(t *testing.T) {
	p := pace{share: 10}
	if !p.due() {
		t.Fatal("the first look is not due")
	}
	p.begun = time.Now().Add(-time.Minute) // it took a minute
	p.done()
	if rest := time.Until(p.next); p.due() || rest < 9*time.Minute || rest > 11*time.Minute {
		t.Errorf("a look that took a minute is followed by a rest of %s", rest)
	}
}

// A look at a run of 100,000 moves with nothing new in it: what showing costs.
func BenchmarkLookThatIsShown(b *testing.B) {
	dir, err := run.Create(b.TempDir(), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(history.Header + "\n")
	for i := range int64(100_000) {
		op := history.New()
		op.Start, op.End, op.Operator, op.Kind, op.Record, op.Expected, op.Target = i*1000, i*1000+i*7919%997, 1, history.Update, "1", i, "ready"
		op.Outcome, op.HTTP, op.Token, op.State, op.Attempt = history.Applied, 200, i+1, "ready", 1
		text = history.AppendOp(text, &op)
	}
	if err := dir.WriteFile(run.HistoryFile, text); err != nil {
		b.Fatal(err)
	}
	p := &Pipeline{Now: time.Now, Talk: io.Discard, Live: showFunc(func(live.Snapshot) {}), Watch: Watch{Policy: gate.Default()}}
	w := p.watcher(dir, &run.Manifest{})
	w.proven.next = time.Now().Add(time.Hour) // it has a pace of its own
	for b.Loop() {
		if _, err := w.look(); err != nil {
			b.Fatal(err)
		}
	}
}
