package validity

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

const ms = int64(time.Millisecond)

// turn is a read and an update of an operator; times in ms.
type turn struct {
	operator     int32
	record       string
	read, update int64 // starts
	took         int64 // each call
	outcome      history.Outcome
	flags        history.Flags
	scheduled    int64 // of the read; 0: closed model
}

func (n turn) ops() []history.Op {
	read, update := history.New(), history.New()
	read.Kind, read.Outcome, read.HTTP, read.Attempt, read.Operator, read.Record = history.Read, history.Seen, 200, 1, n.operator, n.record
	read.Start, read.End, read.Token, read.State, read.Flags = n.read*ms, (n.read+n.took)*ms, 1, "scheduled", n.flags&history.Warmup
	if n.scheduled > 0 {
		read.Scheduled = n.scheduled * ms
	}
	update.Kind, update.Outcome, update.HTTP, update.Attempt, update.Operator, update.Record = history.Update, n.outcome, 200, 1, n.operator, n.record
	update.Start, update.End, update.Expected, update.Flags = n.update*ms, (n.update+n.took)*ms, 1, n.flags
	if n.outcome == history.NoAnswer {
		update.End, update.HTTP = history.None, 0
	}
	return []history.Op{read, update}
}

func report(t *testing.T, run Run, ops []history.Op) Report {
	t.Helper()
	run.States = &apitest.Appointments(t).States
	m := New(run)
	for i := range ops {
		m.Add(&ops[i])
	}
	r, err := m.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func line(t *testing.T, r Report, name string) Line {
	t.Helper()
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Name == name })
	if i < 0 {
		return Line{}
	}
	return r.Lines[i]
}

// turns are n turns of 4 operators, 100 ms of think time and 1 ms for each call.
func turns(n int, change func(i int, n *turn)) []history.Op {
	var ops []history.Op
	for i := range n {
		at := int64(i/4) * 200
		next := turn{operator: int32(i%4 + 1), record: string(rune('a' + i%4)), read: at, update: at + 101, took: 1, outcome: history.Applied}
		if change != nil {
			change(i, &next)
		}
		ops = append(ops, next.ops()...)
	}
	return ops
}

func audited(start int64, statuses ...string) []history.Op {
	var ops []history.Op
	for i, s := range statuses {
		op := history.New()
		op.Kind, op.Outcome, op.HTTP, op.Start, op.End = history.Audit, history.Seen, 200, start*ms, (start+1)*ms
		op.Record, op.State, op.Token = string(rune('a'+i)), s, 4
		ops = append(ops, op)
	}
	return ops
}

func TestLines(t *testing.T) {
	closed := Run{Spec: run.Spec{Operators: 4, Think: workload.Fixed(100 * time.Millisecond), Duration: 5 * time.Second, Warmup: time.Second},
		Complete: true, P95Limit: 400 * time.Millisecond}
	with := func(change func(*Run)) Run { r := closed; change(&r); return r }
	cases := []struct {
		name  string
		run   Run
		ops   []history.Op
		line  string
		state State
		words string
		voids []string // or doubts
	}{
		{"closed model", closed, turns(100, nil), "load model", OK, "latencies as 4 patient operators feel them", nil},
		{"open model", with(func(r *Run) { r.Operators, r.Rate = 0, 20 }), turns(100, nil), "load model", OK, "turns begin by the clock", nil},
		{"fixed warm-up", closed, turns(100, nil), "warm-up", OK, "fixed rule, the first 1s; MSER-5 would cut at", nil},
		{"no warm-up", with(func(r *Run) { r.Warmup = 0 }), turns(100, nil), "warm-up", OK, "nothing is cut, by the fixed rule", nil},
		{"automatic warm-up", with(func(r *Run) { r.WarmupAuto, r.Cut = true, 700*time.Millisecond }), turns(100, nil), "warm-up", OK, "cut at 0.7 s of the run's clock by MSER-5, at most 30 % of the run", nil},
		{"too few for MSER-5", with(func(r *Run) { r.WarmupAuto = true }), turns(8, nil), "warm-up", OK, "nothing is cut: MSER-5 finds no warm-up in so few updates", nil},
		{"both p95", closed, turns(100, func(i int, n *turn) {
			if i < 20 {
				n.flags, n.took = history.Warmup, 50
				n.update += 49
			}
		}), "warm-up", OK, "p95 of the updates 1 ms, with the warm-up's 20 updates 50 ms", nil},
		{"cold starts", closed, turns(100, func(i int, n *turn) {
			if i < 4 {
				n.flags, n.took = history.Warmup, 40
				n.update += 39
			}
		}), "cold starts", OK, "took 40 ms in the median and 40 ms at worst, later ones 1 ms in the median; all of them lie in the warm-up", nil},
		{"cold starts that are measured", closed, turns(100, nil), "cold starts", OK, "4 of them lie in the measured part", nil},
		{"processors at ease", with(func(r *Run) { r.CPU, r.Cores, r.Wall = time.Second, 2, 5*time.Second }), turns(8, nil), "generator", OK, "10 % of the 2 processors it may use", nil},
		{"saturated processors", with(func(r *Run) { r.CPU, r.Cores, r.Wall = 19*time.Second/2, 2, 5*time.Second }), turns(8, nil), "generator", Warning, "saturated", []string{"p95_ms"}},
		{"unknown processor time", closed, turns(8, nil), "generator", "", "", nil},
		{"timers in time", closed, turns(100, nil), "timers", OK, "0 ms late in the median", nil},
		{"late timers", closed, turns(100, func(_ int, n *turn) { n.update += 60 }), "timers", Warning, "60 ms in the p95", nil},
		{"a few late timers", closed, turns(100, func(i int, n *turn) {
			if i == 50 {
				n.update += 60
			}
		}), "timers", OK, "60 ms at worst", nil},
		{"late turns of an open model", with(func(r *Run) { r.Operators, r.Rate = 0, 20 }),
			turns(100, func(_ int, n *turn) { n.read += 71; n.update += 71; n.scheduled = n.read - 70 }), "timers", Warning, "raise --max-operators", nil},
		{"random think times", with(func(r *Run) { r.Think = workload.Exponential(100 * time.Millisecond) }), turns(100, nil), "timers", OK, "100 ms long in the mean and declared as 100 ms", nil},
		{"random think times, late", with(func(r *Run) { r.Think = workload.Exponential(50 * time.Millisecond) }), turns(100, nil), "timers", Warning, "too slow for this load", []string{"p95_ms"}},
		{"held boards", with(func(r *Run) { r.Refresh = time.Second }), turns(100, nil), "timers", "", "", nil},
		{"dropped turns", with(func(r *Run) { r.Operators, r.Rate, r.Planned, r.Dropped = 0, 20, 1000, 11 }), turns(8, nil), "dropped turns", Void, "raise --max-operators", []string{"p95_ms"}},
		{"hardly a dropped turn", with(func(r *Run) { r.Operators, r.Rate, r.Planned, r.Dropped = 0, 20, 1000, 10 }), turns(8, nil), "dropped turns", OK, "10 of 1,000 planned turns never began (1 %)", nil},
		{"clock left alone", with(func(r *Run) { r.Wall = 5 * time.Second }), turns(8, nil), "clock", OK, "was not set", nil},
		{"clock set back", with(func(r *Run) { r.Wall, r.ClockStep = 5*time.Second, -2*time.Second }), turns(8, nil), "clock", Warning, "set by -2s during the run", nil},
		{"records of a cycle", closed, turns(8, nil), "records", OK, "never used up", nil},
		{"records used up", with(func(r *Run) { r.Walk, r.Records = workload.Forward, 2 }),
			append(turns(40, nil), audited(5100, "completed", "completed", "scheduled")...), "records", Warning, "used up after 1.9 s of 5s; the run is cut there", nil},
		{"records that last", with(func(r *Run) { r.Walk, r.Records = workload.Forward, 3 }),
			append(turns(40, nil), audited(5100, "completed", "completed", "scheduled")...), "records", OK, "lasted: 2 of 3 were used up", nil},
		{"a run that was ended", with(func(r *Run) { r.Walk, r.Records, r.Complete = workload.Forward, 2, false }),
			append(turns(40, nil), audited(5100, "completed", "completed")...), "records", OK, "lasted", nil},
		{"no stragglers", closed, turns(8, nil), "stragglers", OK, "nothing was under way", nil},
		{"a straggler", closed, append(turns(8, nil), turn{operator: 1, record: "a", read: 4900, update: 4990, took: 30, outcome: history.Applied}.ops()...),
			"stragglers", OK, "1 operation ended after the declared time, the last one 20 ms after it", nil},
		{"an unanswered straggler", closed, append(turns(8, nil), turn{operator: 1, record: "a", read: 4900, update: 4990, took: 1, outcome: history.NoAnswer}.ops()...),
			"stragglers", Warning, "1 operation under way when the time was over was never answered: whether the server applied", nil},
		{"one with a long timeout, sent long before the end", with(func(r *Run) { r.Timeout = 40 * time.Second }),
			append(turns(8, nil), turn{operator: 1, record: "a", read: 2000, update: 2100, took: 1, outcome: history.NoAnswer}.ops()...),
			"stragglers", Warning, "1 operation under way when the time was over was never answered", nil},
		{"one that was given up long before the end", with(func(r *Run) { r.Timeout = 40 * time.Second }),
			append(append(turns(8, nil), turn{operator: 1, record: "a", read: 2000, update: 2100, took: 1, outcome: history.NoAnswer}.ops()...),
				turn{operator: 1, record: "a", read: 2200, update: 2300, took: 1, outcome: history.Applied}.ops()...),
			"stragglers", OK, "nothing was under way", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := line(t, report(t, c.run, c.ops), c.line)
			if got.State != c.state || !strings.Contains(got.Why.String(), c.words) {
				t.Errorf("%q is %q: %s\nwant %q: … %s …", c.line, got.State, got.Why.String(), c.state, c.words)
			}
			if diff := cmp.Diff(c.voids, append(got.Voids, got.Doubts...)); diff != "" {
				t.Errorf("gates (-want +got)\n%s", diff)
			}
		})
	}
}

// What operators go on reading when nothing is left to update is not the run.
func TestReadsOfAnEmptyBoard(t *testing.T) {
	ops := turns(40, nil)
	for i := range 20 {
		late := turn{operator: 1, record: "a", read: 2000 + int64(i)*150, update: 0, took: 1}.ops()[0]
		late.State = "completed"
		ops = append(ops, late)
	}
	ops = append(ops, audited(5100, "completed", "completed", "completed", "completed")...)
	r := report(t, Run{Spec: run.Spec{Operators: 4, Duration: 5 * time.Second, Walk: workload.Forward}, Complete: true}, ops)
	if got := line(t, r, "records"); got.State != Warning || !strings.Contains(got.Why.String(), "used up after 1.9 s") {
		t.Errorf("records: %+v", got)
	}
}

// Two operators read a record together and update it one after the other: a correct
// server refuses the second.
func TestContention(t *testing.T) {
	pair := func(second history.Outcome, flags history.Flags) []history.Op {
		var ops []history.Op
		for i := range int64(40) {
			at := i * 1000
			ops = append(ops, turn{operator: 1, record: "a", read: at, update: at + 100, took: 2, outcome: history.Applied, flags: flags}.ops()...)
			ops = append(ops, turn{operator: 2, record: "a", read: at + 1, update: at + 200, took: 2, outcome: second, flags: flags}.ops()...)
		}
		return ops
	}
	cases := []struct {
		name                string
		ops                 []history.Op
		attempts            int
		predicted, observed float64
		agreement           predict.Agreement
	}{
		{"a correct server", pair(history.Conflict, 0), 80, 0.5, 0.5, predict.Agrees},
		{"a server that lets all through", pair(history.Applied, 0), 80, 0.5, 0, predict.TooFew},
		{"a server that refuses with another code", pair(history.Rejected, 0), 40, 0, 0, predict.Agrees},
		{"updates of unknown fate", pair(history.NoAnswer, 0), 40, 0, 0, predict.Agrees},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := report(t, Run{Spec: run.Spec{Operators: 2}}, c.ops).Contention
			if got.Attempts != c.attempts || got.Predicted != c.predicted || got.Observed != c.observed || got.Agreement != c.agreement.String() {
				t.Errorf("got %+v", got)
			}
		})
	}
	if got := report(t, Run{Spec: run.Spec{Operators: 2}}, pair(history.Conflict, history.Warmup)).Contention; got != nil {
		t.Errorf("a warm-up alone gives %+v", got)
	}
}

// The warm-up's updates count for nothing themselves and still make others lose.
func TestWarmupMakesOthersLose(t *testing.T) {
	ops := turn{operator: 1, record: "a", read: 0, update: 100, took: 2, outcome: history.Applied, flags: history.Warmup}.ops()
	ops = append(ops, turn{operator: 2, record: "a", read: 1, update: 200, took: 2, outcome: history.Conflict}.ops()...)
	got := report(t, Run{Spec: run.Spec{Operators: 2}}, ops).Contention
	if got.Attempts != 1 || got.Predicted != 1 || got.Observed != 1 {
		t.Errorf("got %+v", got)
	}
}

// Whichever of two clicks wins, the attempt has updated the record.
func TestDoubleClicks(t *testing.T) {
	for _, c := range []struct {
		name          string
		first, second history.Outcome
		reversed      bool
		attempts      int
		observed      float64
	}{
		{"the first wins", history.Applied, history.Conflict, false, 1, 0},
		{"the second wins", history.Conflict, history.Applied, false, 1, 0},
		{"the second wins and is answered first", history.Conflict, history.Applied, true, 1, 0},
		{"the first wins and is answered second", history.Applied, history.Conflict, true, 1, 0},
		{"both lose", history.Conflict, history.Conflict, false, 1, 1},
		{"both lose, answered the other way round", history.Conflict, history.Conflict, true, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ops := turn{operator: 1, record: "a", read: 0, update: 100, took: 5, outcome: c.first}.ops()
			second := ops[1]
			second.Start, second.End, second.Outcome, second.Flags = 101*ms, 106*ms, c.second, history.Double
			ops = append(ops, second)
			if c.reversed {
				ops[1], ops[2] = ops[2], ops[1]
			}
			got := report(t, Run{Spec: run.Spec{Operators: 1}}, ops).Contention
			if got.Attempts != c.attempts || got.Observed != c.observed {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// With a held list the version of a second update of a record is the one that the
// first answered.
func TestOwnMoveRenewsTheVersion(t *testing.T) {
	ops := turn{operator: 1, record: "a", read: 0, update: 100, took: 2, outcome: history.Applied}.ops()
	again := turn{operator: 1, record: "a", read: 0, update: 300, took: 2, outcome: history.Applied}.ops()[1]
	got := report(t, Run{Spec: run.Spec{Operators: 2, Refresh: time.Second}}, append(ops, again)).Contention
	if got.Attempts != 2 || got.Predicted != 0 {
		t.Errorf("got %+v", got)
	}
}

// A history longer than a block is predicted block by block, to the same end but
// for what an attempt lost to one of the block before.
func TestBlocks(t *testing.T) {
	var ops []history.Op
	for i := range int64(blockAttempts) {
		at := i * 1000
		outcomes := []history.Outcome{history.Applied, history.Conflict}
		for j, o := range outcomes {
			ops = append(ops, turn{operator: int32(j + 1), record: string(rune('a' + i%7)), read: at + int64(j), update: at + 100*int64(j+1), took: 2, outcome: o}.ops()...)
		}
	}
	got := report(t, Run{Spec: run.Spec{Operators: 2}}, ops).Contention
	if got.Attempts != 2*blockAttempts || math.Abs(got.Predicted-0.5) > 1e-4 || got.Observed != 0.5 || math.Abs(got.Hottest.Predicted-0.5) > 1e-4 {
		t.Errorf("got %+v", got)
	}
}

// Where attempts on a record do not depend on each other the bootstrap by record is
// as wide as the exact interval; where they do it is wider.
func TestBootstrap(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	records := func(rate func(record int) float64) []tally {
		all := make([]tally, 200)
		for i := range all {
			p := rate(i)
			for range 50 {
				all[i].attempts++
				if r.Float64() < p {
					all[i].conflicts++
				}
			}
		}
		return all
	}
	cases := []struct {
		name      string
		records   []tally
		dependent bool
	}{
		{"alike", records(func(int) float64 { return 0.1 }), false},
		{"one in ten records has all conflicts", records(func(i int) float64 { return step(i%10 == 0) }), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tr := &trace{}
			for i, n := range c.records {
				if _, ok := tr.findNumber(string(rune(0x4e00 + i))); !ok {
					t.Fatal("no room")
				}
				tr.observed[i] = n
				tr.predicted[i] = prediction{attempts: float64(n.attempts), conflicts: float64(n.conflicts)}
			}
			got, err := tr.findContention(Run{Spec: run.Spec{RandSeed: 4}})
			if err != nil {
				t.Fatal(err)
			}
			if got.Block.Lower >= got.Observed || got.Block.Upper <= got.Observed {
				t.Errorf("%v does not hold the observed %v", *got.Block, got.Observed)
			}
			if got.IsDependent() != c.dependent {
				t.Errorf("dependent = %v: bootstrap %v, exact %v", got.IsDependent(), *got.Block, got.Exact)
			}
		})
	}
	for name, none := range map[string][]tally{
		"9 records":           records(func(int) float64 { return 0.1 })[:9],
		"no attempt":          make([]tally, 20),
		"no conflict":         records(func(int) float64 { return 0 }),
		"nothing but refused": records(func(int) float64 { return 1 }),
	} {
		if got := boundRate(none, 0.95, 1); got != nil {
			t.Errorf("%s: the bootstrap knows %v", name, *got)
		}
	}
}

func step(high bool) float64 {
	if high {
		return 1
	}
	return 0
}

func TestWarmupCut(t *testing.T) {
	cases := []struct {
		name string
		slow int // turns at the beginning
		want time.Duration
	}{
		{"a slow beginning", 40, 2101 * time.Millisecond},
		{"slow for too long", 88, 3101 * time.Millisecond}, // 30 % of 10 s after the first update
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var w Warmup
			for _, op := range turns(200, func(i int, n *turn) {
				if i < c.slow {
					n.took = 40
					n.update = n.read + 101
				}
			}) {
				w.Add(&op)
			}
			if got := w.Cut(10 * time.Second); got != c.want {
				t.Errorf("cut at %v, want %v", got, c.want)
			}
		})
	}
	var none Warmup
	if got := none.Cut(time.Second); got != 0 {
		t.Errorf("cut of nothing at %v", got)
	}
}
