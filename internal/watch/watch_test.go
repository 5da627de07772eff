package watch

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// album keeps what was shown.
type album []live.Snapshot

func (a *album) change(change func(*live.Snapshot)) {
	shot := live.Snapshot{}
	if n := len(*a); n > 0 {
		shot = (*a)[n-1]
	}
	change(&shot)
	*a = append(*a, shot)
}

// unseen shows nothing.
func unseen(change func(*live.Snapshot)) { change(&live.Snapshot{}) }

// steady gives the moves of a server whose true values are known: errors and
// conflicts at these rates, and 5 % of the answers slower than 400 ms. Twenty
// operators move once a second each.
type steady struct {
	r                *rand.Rand
	errors, conflict float64
	slow             float64
	n                int64
}

func (s *steady) move() history.Op {
	op := history.New()
	s.n++
	op.Kind, op.Attempt, op.Operator, op.Record, op.Expected, op.HTTP = history.Update, 1, int32(s.n%20)+1, "1", 1, 200
	op.Start = s.n * int64(50*time.Millisecond)
	op.End = op.Start + int64(time.Millisecond*time.Duration(10+s.r.IntN(380)))
	if s.r.Float64() < s.slow {
		op.End = op.Start + int64(time.Millisecond*time.Duration(401+s.r.IntN(500)))
	}
	switch u := s.r.Float64(); {
	case u < s.errors:
		op.Outcome, op.HTTP = history.ServerError, 500
	case s.r.Float64() < s.conflict:
		op.Outcome, op.HTTP = history.Conflict, 409
	default:
		op.Outcome = history.Applied
	}
	return op
}

// moves are so many, as they come.
func (s *steady) moves(n int) []history.Op {
	ops := make([]history.Op, n)
	for i := range ops {
		ops[i] = s.move()
	}
	return ops
}

// watching is a watcher of a run of 20 operators.
func watching() *Watcher {
	m := &run.Manifest{Spec: run.Spec{Operators: 20, Timeout: 10 * time.Second, UntilDecided: true}}
	return New(Options{Policy: gate.Default(), Manifest: m})
}

// looks looks at the moves each second, for as long as open allows it: what is
// answered by then is recorded, in the order of the answers. It returns how many
// looks there were.
func (w *Watcher) looks(ops []history.Op, open func(decided bool) bool) int {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.End, b.End) })
	for second := 1; ; second++ {
		now := w.Manifest.Base.Add(time.Duration(second) * time.Second)
		w.Now = func() time.Time { return now }
		for len(ops) > 0 && ops[0].End <= int64(second)*int64(time.Second) {
			w.take(&ops[0], 0)
			ops = ops[1:]
		}
		w.advance(int64(second) * int64(time.Second))
		_, v := w.judge()
		if decided := w.decide(v); len(ops) == 0 || !open(decided) {
			return second
		}
	}
}

// A run on the limit of every gate is looked at every second, 20 moves apart,
// for two minutes: each gate is called too good, and too bad, in at most 5 % of
// the runs.
func TestLookingEverySecondKeepsTheFalseDecisionRate(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates hundreds of runs")
	}
	const runs = 100
	calls := map[string]int{}
	for run := range uint64(runs) {
		server := steady{r: rand.New(rand.NewPCG(run, 77)), errors: 0.01, conflict: 0.10, slow: 0.05}
		w := watching()
		if n := w.looks(server.moves(120*20), func(bool) bool { return true }); n < 120 {
			t.Fatalf("run %d was looked at %d times", run, n)
		}
		for _, d := range w.decisions {
			calls[d.Gate+" "+string(d.Verdict)]++
		}
	}
	t.Log(calls)
	most := int(0.05*runs + 2*math.Sqrt(0.05*0.95*runs))
	for _, name := range []string{gate.ErrorRate, gate.P95, gate.ConflictRate} {
		for _, verdict := range []gate.Result{gate.Pass, gate.Fail} {
			if n := calls[name+" "+string(verdict)]; n > most {
				t.Errorf("%s is called %s in %d of %d runs on its limit, want at most %d", name, verdict, n, runs, most)
			}
		}
	}
}

// laggard gives the moves of 20 operators before a server that is quick, but
// takes five seconds for every tenth move and then fails half of these.
func laggard(seed uint64, length time.Duration) []history.Op {
	r := rand.New(rand.NewPCG(seed, 78))
	var ops []history.Op
	for operator := range int32(20) {
		for at := r.Int64N(int64(time.Second)); at < int64(length); {
			op := history.New()
			op.Kind, op.Attempt, op.Operator, op.Record, op.Expected, op.HTTP, op.Outcome = history.Update, 1, operator+1, "1", 1, 200, history.Applied
			op.Start, op.End = at, at+int64(10*time.Millisecond)
			if r.IntN(10) == 0 {
				op.End = at + int64(5*time.Second)
				if r.IntN(2) == 0 {
					op.Outcome, op.HTTP = history.ServerError, 500
				}
			}
			ops, at = append(ops, op), op.End+r.Int64N(int64(200*time.Millisecond))
		}
	}
	return ops
}

// The first seconds of a run show quick answers only, because the slow ones are
// in flight: they must not be taken for all there is.
func TestWhatIsInFlightIsNotTakenForQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates dozens of runs")
	}
	const runs = 50
	hasty := 0
	for run := range uint64(runs) {
		w := watching()
		w.looks(laggard(run, 20*time.Second), func(decided bool) bool { return !decided })
		for _, d := range w.decisions {
			if (d.Gate == gate.P95 || d.Gate == gate.ErrorRate) && d.Verdict == gate.Pass {
				t.Errorf("run %d: %s is called %s after %.0f s: %s", run, d.Gate, d.Verdict, d.AfterS, d.Reason)
			}
		}
		// The same looks at whatever was recorded are fooled.
		naive := measure.New(w.Policy.MeasureOptions())
		for _, op := range laggard(run, 20*time.Second) {
			if op.End < int64(4*time.Second) {
				naive.Add(&op)
			}
		}
		n := naive.Numbers()
		if g := result(gate.Judge(w.Policy, gate.Evidence{Numbers: &n}), gate.P95); g.Verdict == gate.Pass {
			hasty++
		}
	}
	if hasty < runs*9/10 {
		t.Errorf("only %d of %d runs would fool a look at what was recorded: the test shows nothing", hasty, runs)
	}
}

// A good server is decided early, and what was decided stands.
func TestGoodServerIsDecidedEarly(t *testing.T) {
	server := steady{r: rand.New(rand.NewPCG(5, 6)), conflict: 0.04}
	w := watching()
	w.Policy.Off = []string{gate.Recovery}
	if n := w.looks(server.moves(2000), func(decided bool) bool { return !decided }); n > 50 {
		t.Fatalf("not decided after %d s: %+v", n, w.decisions)
	}
	if len(w.decisions) != 3 || slices.ContainsFunc(w.decisions, func(d gate.Decision) bool { return d.Verdict != gate.Pass }) {
		t.Fatalf("decisions %+v", w.decisions)
	}
	var m run.Manifest
	w.ended = "every gate is decided: " + w.listDecisions()
	w.Note(&m, true)
	if m.State != run.Complete || !strings.HasPrefix(m.Reason, "ended early, every gate is decided: ") || !strings.Contains(m.Reason, "error_rate PASS after ") {
		t.Errorf("manifest: %s, %q", m.State, m.Reason)
	}
	// 20 moves later the estimate has gone back over the limit.
	for range 40 {
		op := server.move()
		op.Outcome = history.Conflict
		w.all.Add(&op)
	}
	numbers := w.all.Numbers()
	evidence := gate.Evidence{Numbers: &numbers, Decided: w.decisions}
	if v := gate.Judge(w.Policy, evidence); result(v, gate.ConflictRate).Verdict != gate.Pass || !strings.Contains(result(v, gate.ConflictRate).Reason.String(), "decided by the look after") {
		t.Errorf("what was decided is forgotten: %+v", result(v, gate.ConflictRate))
	}
	strict := w.Policy
	if err := strict.SetLimit(gate.ConflictRate, 0.09); err != nil {
		t.Fatal(err)
	}
	if v := gate.Judge(strict, evidence); result(v, gate.ConflictRate).Verdict == gate.Pass {
		t.Errorf("a decision against another limit counts: %+v", result(v, gate.ConflictRate))
	}
}

func result(v gate.Verdict, name string) gate.Gate {
	return v.Gates[slices.IndexFunc(v.Gates, func(g gate.Gate) bool { return g.Name == name })]
}

// A load that is not ended by the watcher keeps its own state, and the watcher
// is at rest when the load is over.
func TestWatchedLoadEndsByItself(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m := run.Manifest{State: run.Complete, Base: time.Now(), Spec: run.Spec{UntilDecided: true, FailFast: true}}
	w := New(Options{Policy: gate.Default(), Dir: dir, Manifest: &m, Now: time.Now, Show: unseen})
	w.Run(t.Context(), func(ctx context.Context) {
		if ctx.Err() != nil {
			t.Error("ended before it began")
		}
	})
	w.Note(&m, false)
	if m.State != run.Complete || m.Reason != "" {
		t.Errorf("manifest %+v", m)
	}
}

// Before every operator has been heard of, and where operators do two things at
// once, only patience tells that nothing is missing.
func TestWatermark(t *testing.T) {
	second := int64(time.Second)
	cases := []struct {
		name      string
		operators int
		last      map[int32]int64
		now, want int64
	}{
		{"none yet", 2, nil, 5 * second, 5*second - 4*second},
		{"one of two", 2, map[int32]int64{1: 3 * second}, 5 * second, second},
		{"both", 2, map[int32]int64{1: 3 * second, 2: 4 * second}, 5 * second, 3 * second},
		{"one is silent for longer than a request may take", 2, map[int32]int64{1: second, 2: 19 * second}, 20 * second, 16 * second},
		{"operators that click twice", 0, map[int32]int64{1: 3 * second, 2: 4 * second}, 5 * second, second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := &watermark{operators: c.operators, timeout: second}
			for operator, end := range c.last {
				m.add(&history.Op{Kind: history.Read, Operator: operator, End: end})
			}
			if got := m.computeAt(c.now); got != c.want {
				t.Errorf("watermark %v, want %v", time.Duration(got), time.Duration(c.want))
			}
		})
	}
}

// Who does two things at once tells of nothing that was sent before its last
// answer, and in front of a browser two play one operator.
func TestWhoCanBeReliedOn(t *testing.T) {
	for _, c := range []struct {
		name    string
		m       run.Manifest
		allowed int
	}{
		{"closed", run.Manifest{Spec: run.Spec{Operators: 20}}, 20},
		{"open", run.Manifest{Spec: run.Spec{Rate: 40, MaxOperators: 35}}, 35},
		{"double clicks", run.Manifest{Spec: run.Spec{Operators: 20, DoubleUpdates: 0.1}}, 0},
		{"browsers", run.Manifest{Spec: run.Spec{Operators: 20, Browser: 1}}, 0},
	} {
		if got := newWatermark(&c.m.Spec).operators; got != c.allowed {
			t.Errorf("%s: %d operators are relied on, want %d", c.name, got, c.allowed)
		}
	}
}

// A damaged history ends the watch and not the run.
func TestWatchOfADamagedHistory(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.File(run.HistoryFile), []byte("nonsense\n1,2,3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := New(Options{Policy: gate.Default(), Dir: dir, Manifest: &run.Manifest{Base: time.Now(), Spec: run.Spec{UntilDecided: true}}, Now: time.Now})
	if enough, err := w.Look(); enough || err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("look: %v, %v", enough, err)
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
		w := New(Options{Policy: gate.Default(), Dir: dir, Manifest: &run.Manifest{Base: time.Now()}, Shown: true, Show: shown.change, Now: time.Now})
		w.watch(ctx, over, func(error) {})
		if len(shown) == 0 || shown[0].Ending == "" {
			t.Fatalf("shown: %+v", shown)
		}
	}
}

// Looks leave the processor to the load.
func TestPace(t *testing.T) {
	p := pace{share: 10}
	if !p.beginLook() {
		t.Fatal("the first look is not due")
	}
	p.begun = time.Now().Add(-time.Minute) // it took a minute
	p.endLook()
	if rest := time.Until(p.next); p.beginLook() || rest < 9*time.Minute || rest > 11*time.Minute {
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
	w := New(Options{Policy: gate.Default(), Dir: dir, Manifest: &run.Manifest{}, Shown: true, Show: unseen, Now: time.Now})
	for b.Loop() {
		if _, err := w.Look(); err != nil {
			b.Fatal(err)
		}
	}
}
