package predict

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

func mustSimulate(t testing.TB, p Parameters, seed uint64) Observed {
	t.Helper()
	o, err := Simulate(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Poisson arrivals on one record against the figures of an independent
// simulation and of the formula.
func TestSimulationAgreesWithFormula(t *testing.T) {
	for _, c := range []struct {
		aw                    float64
		constant, exponential float64 // seen elsewhere
	}{
		{0.111, 0.0991, 0.0957},
		{0.5, 0.3329, 0.2908},
		{1, 0.4997, 0.4185},
		{5, 0.8331, 0.6860},
	} {
		for _, w := range []struct {
			think workload.Delay
			seen  float64
		}{
			{workload.Fixed(time.Second), c.constant},
			{workload.Exponential(time.Second), c.exponential},
		} {
			p := Parameters{Spec: run.Spec{Rate: c.aw, Records: 1, Think: w.think, Duration: workload.ClampDuration(400_000 / c.aw * float64(time.Second))}, Arrivals: Poisson}
			got := mustSimulate(t, p, 1).ConflictRate()
			near(t, "simulated, think "+w.think.String(), got, w.seen, 0.01)
			near(t, "formula, think "+w.think.String(), computeConflictRate(c.aw, p.window()), got, 0.003)
		}
	}
}

// Three operators are two rivals for each: the plain formula says 15.3 %.
func TestFewOperatorsCollideLess(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 3, Records: 8, Think: workload.Fixed(200e6), Pause: workload.Fixed(217e6), Duration: 5 * time.Minute}}
	aw := 3 / p.cycleSeconds() / 8 * 0.2
	near(t, "aW", aw, 0.18, 0.001)
	near(t, "aW/(1+aW)", aw/(1+aw), 0.1525, 0.001)
	// With constant times a run keeps the rhythm it begins with, so it takes
	// many runs to see the mean.
	var seen Observed
	for seed := range uint64(400) {
		seen.add(mustSimulate(t, p, seed))
	}
	near(t, "seen", seen.ConflictRate(), 0.11, 0.01)
	f, err := computeForecast(p)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "predicted", f.Conflict, seen.ConflictRate(), 0.01)
}

func TestSimulationRepeats(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Records: 10, Pick: mustPick(t, "zipf"), Think: workload.Exponential(250e6), Pause: workload.Exponential(500e6), Attempts: 3, Backoff: mustBackoff(t, "full", 20*ms, time.Second), Duration: time.Minute},
		Read: workload.Fixed(20e6), Update: workload.Fixed(20e6)}
	a, b := mustSimulate(t, p, 5), mustSimulate(t, p, 5)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the same seed differs (-first +second):\n%s", diff)
	}
	if cmp.Equal(a, mustSimulate(t, p, 6)) {
		t.Error("another seed gives the same run")
	}
	if a.Applied+a.Conflicts != a.Attempts || a.Attempts-a.Retries != a.Turns && a.Attempts-a.Retries != a.Turns-p.Operators {
		if lost := a.Turns - (a.Attempts - a.Retries); lost < 0 || lost > p.Operators {
			t.Errorf("counts do not add up: %+v", a)
		}
	}
}

func TestOwnRecordsNeverConflict(t *testing.T) {
	for _, walk := range []workload.Walk{workload.Cycle, workload.Forward} {
		p := Parameters{Spec: run.Spec{Operators: 20, Records: 200, Pick: mustPick(t, "own"), Walk: walk, Think: workload.Fixed(250e6), Duration: time.Minute}}
		if o := mustSimulate(t, p, 1); o.Conflicts != 0 || o.Applied == 0 {
			t.Errorf("%v: %d conflicts of %d attempts, want none", walk, o.Conflicts, o.Attempts)
		}
	}
}

func TestForwardWalkMovesEachRecordThreeTimes(t *testing.T) {
	for _, pick := range []string{"first", "uniform", "own"} {
		p := Parameters{Spec: run.Spec{Operators: 4, Records: 8, Pick: mustPick(t, pick), Walk: workload.Forward, Think: workload.Exponential(100e6), Duration: time.Hour}}
		o := mustSimulate(t, p, 1)
		if pick == "own" {
			if o.RanOutAt == 0 {
				t.Error("own: an operator goes on without a record")
			}
			continue
		}
		if o.Applied != 24 || o.RanOutAt == 0 {
			t.Errorf("%s: %d updates of 8 records, ran out at %v s, want 24 updates", pick, o.Applied, o.RanOutAt)
		}
	}
}

// A conflict needs another operator, also when an operator's list is older than
// its own last update.
func TestOneOperatorWithAHeldBoardNeverConflicts(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 1, Records: 2, Think: workload.Fixed(100e6), Refresh: 2 * time.Second, Duration: time.Minute}}
	if o := mustSimulate(t, p, 1); o.Conflicts != 0 || o.Applied == 0 {
		t.Errorf("%d conflicts of %d attempts, want none", o.Conflicts, o.Attempts)
	}
}

func TestWarmUpIsNotCounted(t *testing.T) {
	p := Parameters{Spec: run.Spec{Rate: 10, Records: 8, Duration: 20 * time.Second, Warmup: 5 * time.Second}}
	if o := mustSimulate(t, p, 1); o.Turns < 149 || o.Turns > 151 {
		t.Errorf("%d turns are counted, want 150", o.Turns)
	}
}

func TestParametersThatExcludeEachOther(t *testing.T) {
	good := Parameters{Spec: run.Spec{Operators: 2, Records: 8, Think: workload.Fixed(1e9), Duration: time.Minute}}
	for _, c := range []struct {
		name   string
		change func(p *Parameters)
		want   string
	}{
		{"both models", func(p *Parameters) { p.Rate = 1 }, "operators and rate exclude each other"},
		{"neither", func(p *Parameters) { p.Operators = 0 }, "neither operators nor a rate"},
		{"ramp with operators", func(p *Parameters) { p.RampTo = 5 }, "ramp belongs to the open model"},
		{"no duration", func(p *Parameters) { p.Duration = 0 }, "duration"},
		{"all warm-up", func(p *Parameters) { p.Warmup = time.Minute }, "leaves nothing"},
		{"double updates", func(p *Parameters) { p.DoubleUpdates = 1.5 }, "use 0–1"},
		{"no time at all", func(p *Parameters) { p.Think = nil }, "infinitely many turns"},
		{"negative refresh", func(p *Parameters) { p.Refresh = -1 }, "refresh"},
		{"no records", func(p *Parameters) { p.Records = 0 }, "no records"},
		{"own, too few", func(p *Parameters) { p.Records, p.Pick = 1, mustPick(t, "own") }, "too few"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := good
			c.change(&p)
			refused(t, "Check", c.name, p.Check(), c.want)
			_, err := Simulate(p, 1)
			refused(t, "Simulate", c.name, err, c.want)
		})
	}
}

func BenchmarkSimulate(b *testing.B) {
	p := Parameters{Spec: run.Spec{Operators: 20, Records: 50, Think: workload.Exponential(250e6), Pause: workload.Fixed(500e6), Duration: time.Minute}, Read: workload.Fixed(20e6), Update: workload.Fixed(20e6)}
	attempts := 0
	for b.Loop() {
		attempts += mustSimulate(b, p, 1).Attempts
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(attempts), "ns/attempt")
}
