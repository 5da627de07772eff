package plan

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// The profile that once "validated" a release.
func TestRunbookProfileRunsOut(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates plans")
	}
	p := newRunbookLoad()
	got, err := Predict(p)
	if err != nil {
		t.Fatal(err)
	}
	if got.RunsOut == nil {
		t.Fatal("the records do not run out")
	}
	var out float64
	for seed := range uint64(200) {
		out += must(predict.Simulate(p.Parameters, 1000+seed)).RanOutAt / 200
	}
	if math.Abs(got.RunsOut.After-out) > 0.1*out {
		t.Errorf("the records run out after %.1f s, in simulations after %.1f s", got.RunsOut.After, out)
	}
	if g := gateNamed(t, got, "error_rate"); g.State != Undecidable {
		t.Errorf("the error gate is %+v, want it undecidable", g)
	}
	if g := gateNamed(t, got, "conflict_rate"); g.State != Unreachable {
		t.Errorf("the conflict gate is %+v, want it unreachable", g)
	}
	if got.IsReady() {
		t.Error("the run is ready")
	}
	for _, g := range got.Gates {
		for _, change := range g.Changes {
			checkChange(t, p, change, g.Name)
		}
	}
	p.Records = got.RunsOut.Records
	if again, err := Predict(p); err != nil || again.RunsOut != nil {
		t.Errorf("with the %d records it needs: %+v, %v", p.Records, again.RunsOut, err)
	}
}

func newRunbookLoad() Load {
	return Load{Parameters: predict.Parameters{
		Spec: run.Spec{Operators: 20, Records: 8, Pick: must(workload.ParsePick("first")), Walk: workload.Forward, Pause: workload.Fixed(500e6), Duration: time.Minute, Attempts: 3, Backoff: must(workload.ParseBackoff("full", 50*time.Millisecond, time.Second))},
		Read: must(workload.ParseDelay("lognormal:60ms,180ms")), Update: must(workload.ParseDelay("lognormal:60ms,180ms")),
	},
		Limits: Limits{Conflict: 0.1, Error: 0.01, P95: true, Recovery: true},
	}
}

func TestChangesMakeGatesDecidable(t *testing.T) {
	limits := Limits{Conflict: 0.1, Error: 0.01, P95: true, Recovery: true}
	for _, c := range []struct {
		name string
		spec run.Spec
		gate string
		want State
	}{
		{"too hot", run.Spec{Operators: 20, Records: 8, Think: workload.Fixed(300e6), Pause: workload.Fixed(900e6)}, "conflict_rate", Unreachable},
		{"too near the limit", run.Spec{Rate: 16.5, Records: 56, Think: workload.Fixed(350e6)}, "conflict_rate", Undecidable},
		{"too steep", run.Spec{Rate: 10, RampTo: 80, Records: 20, Think: workload.Fixed(250e6)}, "conflict_rate", Unreachable},
		{"too few updates", run.Spec{Rate: 2, Records: 50, Think: workload.Fixed(350e6)}, "error_rate", Undecidable},
		{"too cold to recover", run.Spec{Rate: 10, Records: 10_000, Think: workload.Fixed(350e6)}, "recovery", Undecidable},
		{"forward", run.Spec{Operators: 10, Records: 20, Walk: workload.Forward, Think: workload.Exponential(300e6)}, "p95_ms", Decidable},
		{"no retries", run.Spec{Operators: 20, Records: 100, Think: workload.Exponential(300e6), Attempts: 1}, "recovery", Unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Load{predict.Parameters{Spec: c.spec, Read: workload.Fixed(20e6), Update: workload.Fixed(20e6)}, limits}
			p.Duration = time.Minute
			if p.Attempts == 0 {
				p.Attempts = 3
			}
			got, err := Predict(p)
			if err != nil {
				t.Fatal(err)
			}
			g := gateNamed(t, got, c.gate)
			if g.State != c.want || (len(g.Changes) == 0) != (c.want == Decidable) {
				t.Fatalf("the gate is %+v, want it %s with changes", g, c.want)
			}
			for _, change := range g.Changes {
				checkChange(t, p, change, c.gate)
			}
		})
	}
}

// checkChange makes a change and asks whether the gate is decidable then.
func checkChange(t *testing.T, p Load, change Change, gate string) {
	t.Helper()
	applyChange(t, &p, change)
	f, err := newOutlook(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range gateRules {
		if g := rule.judge(f); rule.name == gate && g.State != Decidable {
			t.Errorf("after %s the gate %s is %+v", change, gate, g)
		}
	}
}

func gateNamed(t *testing.T, p Prediction, name string) Gate {
	t.Helper()
	for _, g := range p.Gates {
		if g.Name == name {
			return g
		}
	}
	t.Fatalf("there is no gate %s in %+v", name, p.Gates)
	return Gate{}
}

// applyChange sets what a change says, as a user would type it.
func applyChange(t *testing.T, p *Load, c Change) {
	t.Helper()
	switch c.Setting {
	case "pick uniform with records":
		p.Pick, p.Records = workload.Pick{}, atoi(t, c.Value)
	case "records":
		p.Records = atoi(t, c.Value)
	case "operators":
		p.Operators = atoi(t, c.Value)
	case "attempts":
		p.Attempts = atoi(t, c.Value)
	case "walk":
		p.Walk = workload.Cycle
	case "rate":
		p.Rate = perSecond(t, c.Value)
	case "ramp":
		from, to, ok := strings.Cut(c.Value, "..")
		if !ok {
			t.Fatalf("the ramp of %s has no end", c)
		}
		p.Rate, p.RampTo = perSecond(t, from), perSecond(t, to)
	case "duration":
		p.Duration = time.Duration(must(workload.ParseDelay(c.Value)).(workload.Fixed))
	case "think":
		p.Think = scaleDelay(p.Think, must(workload.ParseDelay(c.Value)).Mean().Seconds())
	case "pause":
		p.Pause = scaleDelay(p.Pause, must(workload.ParseDelay(c.Value)).Mean().Seconds())
	default:
		t.Fatalf("unknown setting in %s", c)
	}
}

func perSecond(t *testing.T, text string) float64 {
	t.Helper()
	rate, ok := strings.CutSuffix(text, "/s")
	if !ok {
		t.Fatalf("the rate %s has no unit", text)
	}
	return atof(t, rate)
}

func TestPassingIsABinomialTail(t *testing.T) {
	l := Limits{Conflict: 0.1}
	// 0 of 29 prove less than 10 %, 1 of 29 does not.
	for _, c := range []struct {
		n          int
		rate, want float64
	}{{29, 0.01, math.Pow(0.99, 29)}, {28, 0, 0}, {29, 0, 1}} {
		if got := l.passProbability(c.n, c.rate); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%d attempts at a rate of %v pass with %v, want %v", c.n, c.rate, got, c.want)
		}
	}
}

// A run that may end at any look needs the attempts that its bounds need.
func TestGatesOfARunThatIsLookedAt(t *testing.T) {
	p := Load{Parameters: predict.Parameters{Spec: run.Spec{Rate: 20, Records: 200, Think: workload.Fixed(300e6), Duration: 17 * time.Second, Attempts: 3}, Arrivals: predict.Poisson},
		Limits: Limits{Conflict: 0.1, Error: 0.01, P95: true}}
	for _, c := range []struct {
		anytime bool
		needs   map[string]int
		state   State // of the error rate, with 340 attempts
	}{
		{false, map[string]int{"error_rate": 299, "p95_ms": 59}, Decidable},
		{true, map[string]int{"error_rate": 392, "p95_ms": 77}, Undecidable},
	} {
		p.Limits.Anytime = c.anytime
		got, err := Predict(p)
		if err != nil {
			t.Fatal(err)
		}
		for name, needs := range c.needs {
			if g := gateNamed(t, got, name); g.Needs != needs {
				t.Errorf("looked at: %v: %s needs %d, want %d", c.anytime, name, g.Needs, needs)
			}
		}
		if g := gateNamed(t, got, "error_rate"); g.State != c.state {
			t.Errorf("looked at: %v: %+v, want %s", c.anytime, g, c.state)
		}
	}
}

// An operator that finds the record finished was overtaken: the gate does not count it, so a forward walk alone makes recovery no more unlikely.
func TestForwardWalkLeavesRecoveryWithinReach(t *testing.T) {
	p := Load{Parameters: predict.Parameters{Spec: run.Spec{Operators: 20, Walk: workload.Forward, Think: workload.Fixed(250e6), Pause: workload.Fixed(250e6), Attempts: 3, Backoff: must(workload.ParseBackoff("full", 50*time.Millisecond, time.Second)), Duration: time.Minute}, Read: workload.Fixed(5e6), Update: workload.Fixed(5e6)},
		Limits: Limits{Recovery: true}}
	records, err := predict.ChooseRecords(p.Parameters)
	if err != nil {
		t.Fatal(err)
	}
	p.Records = records
	got, err := Predict(p)
	if err != nil {
		t.Fatal(err)
	}
	if g := gateNamed(t, got, "recovery"); g.State != Decidable || got.RunsOut != nil {
		t.Errorf("with %d records: %+v, %+v", records, g, got.RunsOut)
	}
}

func TestShowRate(t *testing.T) {
	for rate, want := range map[float64]string{7.81: "7.81/s", 2: "2/s", 0.1 + 0.2: "0.3/s", 0.0123: "0.0123/s", 16.5: "16.5/s", 120: "120/s", 1200: "1200/s", 1e4: "10000/s"} {
		if got := showRate(rate); got != want {
			t.Errorf("showRate(%v) = %s, want %s", rate, got, want)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
