package predict

import (
	"slices"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// profile is a load whose prediction is compared with its simulation.
type profile struct {
	name      string
	operators int
	rate      float64
	ramp      float64
	records   int
	pick      string
	walk      workload.Walk
	think     string
	pause     string
	latency   string
	attempts  int
	refresh   time.Duration
	within    float64 // how far the prediction may be off
}

var profiles = []profile{
	{name: "closed, uniform, constant", operators: 20, records: 52, pick: "uniform", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.005},
	{name: "closed, uniform, few records", operators: 20, records: 8, pick: "uniform", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.01},
	{name: "closed, uniform, random", operators: 20, records: 8, pick: "uniform", think: "exp:250ms", pause: "exp:500ms", latency: "lognormal:25ms,80ms", within: 0.005},
	{name: "closed, retries", operators: 20, records: 8, pick: "uniform", think: "exp:250ms", pause: "exp:500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.015},
	{name: "closed, zipf", operators: 20, records: 52, pick: "zipf", think: "exp:250ms", pause: "500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "closed, first", operators: 20, records: 8, pick: "first", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.015},
	{name: "closed, first, no think", operators: 20, records: 8, pick: "first", think: "0", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.015},
	{name: "closed, first, no think, retries", operators: 20, records: 8, pick: "first", think: "0", pause: "500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "closed, three operators", operators: 3, records: 8, pick: "uniform", think: "250ms", pause: "100ms", latency: "20ms", within: 0.005},
	{name: "closed, two operators on one record", operators: 2, records: 1, pick: "first", think: "exp:300ms", pause: "exp:700ms", latency: "10ms", within: 0.01},
	{name: "closed, held board", operators: 10, records: 100, pick: "uniform", think: "200ms", pause: "uniform:1s-3s", latency: "20ms", refresh: 2 * time.Second, within: 0.01},
	{name: "closed, own", operators: 10, records: 20, pick: "own", think: "200ms", pause: "1s", latency: "20ms", within: 0},
	{name: "open, zipf", rate: 40, records: 200, pick: "zipf:0.99", think: "lognormal:250ms,900ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "open, uniform", rate: 16.5, records: 52, pick: "uniform", think: "310ms", latency: "40ms", within: 0.005},
	{name: "open, ramp", rate: 10, ramp: 80, records: 100, pick: "uniform", think: "exp:250ms", latency: "40ms", within: 0.01},
	{name: "open, hotspot", rate: 40, records: 20, pick: "hotspot:20/80", think: "100ms", latency: "lognormal:20ms,80ms", within: 0.01},
	{name: "open, first, regular", rate: 10, records: 8, pick: "first", think: "0", latency: "lognormal:80ms,200ms", within: 0.01},
	{name: "open, first, never meet", rate: 10, records: 8, pick: "first", think: "20ms", latency: "10ms", within: 0},
	{name: "closed, forward, records last", operators: 10, records: 400, pick: "uniform", walk: workload.Forward, think: "250ms", pause: "500ms", latency: "20ms", within: 0.02},
	{name: "closed, forward, records run out", operators: 20, records: 100, pick: "uniform", walk: workload.Forward, think: "250ms", pause: "500ms", latency: "20ms", within: 0.02},
}

func (c profile) parameters(t testing.TB) Parameters {
	t.Helper()
	if c.pause == "" {
		c.pause = "0"
	}
	return Parameters{
		Spec: run.Spec{Operators: c.operators, Rate: c.rate, RampTo: c.ramp, Duration: time.Minute, Records: c.records, Pick: mustPick(t, c.pick), Walk: c.walk, Think: mustDelay(t, c.think), Pause: mustDelay(t, c.pause), Refresh: c.refresh, Attempts: c.attempts, Backoff: mustBackoff(t, "full", 50*ms, time.Second)},

		Read: mustDelay(t, c.latency), Update: mustDelay(t, c.latency),
	}
}

func TestPredictionsAgreeWithSimulation(t *testing.T) {
	for _, c := range profiles {
		t.Run(c.name, func(t *testing.T) {
			p := c.parameters(t)
			got, err := Expect(p)
			if err != nil {
				t.Fatal(err)
			}
			var seen Observed
			const runs = 60
			for seed := range uint64(runs) {
				seen.add(mustSimulate(t, p, 1000+seed))
			}
			near(t, "conflict_rate", got.Conflict, seen.ConflictRate(), c.within+0.002)
			near(t, "attempts / seen", float64(got.CountAttempts())*runs/float64(seen.Attempts), 1, 0.06)
			if p.Walk == workload.Cycle {
				near(t, "hottest record", got.Hottest.Conflict, hottestRate(seen), c.within+0.02)
			}
		})
	}
}

// The reference numbers: 16.5 updates/s with windows of 0.35 s need 52 records to
// stay below 10 %, and show about 42 % with 8.
func TestReferenceNumbers(t *testing.T) {
	p := Parameters{Spec: run.Spec{Rate: 16.5, Think: workload.Fixed(350e6), Duration: time.Minute, Records: 8}, Arrivals: Poisson}
	rate := func(records int) float64 {
		p.Records = records
		f, err := computeForecast(p)
		if err != nil {
			t.Fatal(err)
		}
		return f.Conflict
	}
	near(t, "8 records", rate(8), 0.42, 0.005)
	if rate(51) < 0.1 || rate(52) > 0.1 {
		t.Errorf("51 records show %.4f and 52 show %.4f, want the limit of 0.1 between them", rate(51), rate(52))
	}
}

func TestRecordsForAimsAtFourPerCent(t *testing.T) {
	for _, c := range profiles {
		p := c.parameters(t)
		p.Records = 0
		records, err := ChooseRecords(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Records = records
		f, err := Expect(p)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		settable := c.pick != "first" && c.pick != "own" && c.pick != "zipf" && c.pick != "zipf:0.99" && c.walk == workload.Cycle
		if settable && (f.Conflict < 0.03 || f.Conflict > 0.05) {
			t.Errorf("%s: %d records show %.4f, want 0.03–0.05", c.name, records, f.Conflict)
		}
		if records < 8 || c.walk == workload.Cycle && records > 1000 {
			t.Errorf("%s: %d records", c.name, records)
		}
		if c.walk == workload.Forward && f.RunsOut() {
			t.Errorf("%s: %d records run out after %.0f s", c.name, records, f.OutAfter)
		}
	}
}

func TestRecordsForRefuses(t *testing.T) {
	_, err := ChooseRecords(Parameters{})
	refused(t, "RecordsFor", "nothing", err, "neither operators nor a rate")
}

// Of a plan that says how many records it takes, so many are enough; and operators
// with constant times do not keep out of each other's way for ever.
func TestFirstAndForwardWithoutThinking(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Records: 8, Pick: mustPick(t, "first"), Walk: workload.Forward, Pause: workload.Fixed(250e6), Duration: 10 * time.Second, Warmup: 2 * time.Second, Attempts: 3, Backoff: mustBackoff(t, "full", 50*ms, time.Second)}, Read: workload.Fixed(3e6), Update: workload.Fixed(700e3)}
	auto, err := ChooseRecords(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Records = auto
	got, err := Expect(p)
	if err != nil || got.RunsOut() {
		t.Fatalf("with the %d records that it takes: %+v, %v", auto, got, err)
	}
	// Independent turns would show 12 %; that each keeps its distance from those it
	// lost to leaves a part of it.
	if aw := got.AttemptRate * got.Window * 19 / 20; got.Conflict < 0.01 || got.Conflict > aw/(1+aw) {
		t.Errorf("%.4f of the attempts conflict, want some, and fewer than %.4f", got.Conflict, aw/(1+aw))
	}
}

func TestBeatenTurnsAgreeWithSimulation(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Records: 4, Think: workload.Exponential(250e6), Pause: workload.Exponential(500e6), Attempts: 2, Duration: 10 * time.Hour}, Read: workload.Fixed(30e6), Update: workload.Fixed(30e6)}
	got, err := Expect(p)
	if err != nil {
		t.Fatal(err)
	}
	seen := mustSimulate(t, p, 1)
	beaten := got.BeatenRate * got.MeasuredSeconds()
	if ratio := beaten / float64(seen.Beaten); ratio < 0.5 || ratio > 2 {
		t.Errorf("%.0f beaten turns are predicted, %d seen: not even the size is right", beaten, seen.Beaten)
	}
}

func BenchmarkExpect(b *testing.B) {
	for _, i := range []int{0, 12} {
		p := profiles[i].parameters(b)
		b.Run(profiles[i].name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Expect(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// hottestRate returns the conflict rate of the record with the most attempts.
func hottestRate(o Observed) float64 {
	hottest := slices.Index(o.RecordAttempts, slices.Max(o.RecordAttempts))
	return divideOrZero(o.RecordConflicts[hottest], o.RecordAttempts[hottest])
}
