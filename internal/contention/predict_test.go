package contention

import (
	"math"
	"strings"
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
	cards     int
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
	{name: "closed, uniform, constant", operators: 20, cards: 52, pick: "uniform", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.005},
	{name: "closed, uniform, few cards", operators: 20, cards: 8, pick: "uniform", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.01},
	{name: "closed, uniform, random", operators: 20, cards: 8, pick: "uniform", think: "exp:250ms", pause: "exp:500ms", latency: "lognormal:25ms,80ms", within: 0.005},
	{name: "closed, retries", operators: 20, cards: 8, pick: "uniform", think: "exp:250ms", pause: "exp:500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.015},
	{name: "closed, zipf", operators: 20, cards: 52, pick: "zipf", think: "exp:250ms", pause: "500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "closed, first", operators: 20, cards: 8, pick: "first", think: "250ms", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.015},
	{name: "closed, first, no think", operators: 20, cards: 8, pick: "first", think: "0", pause: "500ms", latency: "lognormal:25ms,80ms", within: 0.015},
	{name: "closed, first, no think, retries", operators: 20, cards: 8, pick: "first", think: "0", pause: "500ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "closed, three operators", operators: 3, cards: 8, pick: "uniform", think: "250ms", pause: "100ms", latency: "20ms", within: 0.005},
	{name: "closed, two operators on one card", operators: 2, cards: 1, pick: "first", think: "exp:300ms", pause: "exp:700ms", latency: "10ms", within: 0.01},
	{name: "closed, held board", operators: 10, cards: 100, pick: "uniform", think: "200ms", pause: "uniform:1s-3s", latency: "20ms", refresh: 2 * time.Second, within: 0.01},
	{name: "closed, own", operators: 10, cards: 20, pick: "own", think: "200ms", pause: "1s", latency: "20ms", within: 0},
	{name: "open, zipf", rate: 40, cards: 200, pick: "zipf:0.99", think: "lognormal:250ms,900ms", latency: "lognormal:25ms,80ms", attempts: 3, within: 0.01},
	{name: "open, uniform", rate: 16.5, cards: 52, pick: "uniform", think: "310ms", latency: "40ms", within: 0.005},
	{name: "open, ramp", rate: 10, ramp: 80, cards: 100, pick: "uniform", think: "exp:250ms", latency: "40ms", within: 0.01},
	{name: "open, hotspot", rate: 40, cards: 20, pick: "hotspot:20/80", think: "100ms", latency: "lognormal:20ms,80ms", within: 0.01},
	{name: "open, first, regular", rate: 10, cards: 8, pick: "first", think: "0", latency: "lognormal:80ms,200ms", within: 0.01},
	{name: "open, first, never meet", rate: 10, cards: 8, pick: "first", think: "20ms", latency: "10ms", within: 0},
	{name: "closed, forward, cards last", operators: 10, cards: 400, pick: "uniform", walk: workload.Forward, think: "250ms", pause: "500ms", latency: "20ms", within: 0.02},
	{name: "closed, forward, cards run out", operators: 20, cards: 100, pick: "uniform", walk: workload.Forward, think: "250ms", pause: "500ms", latency: "20ms", within: 0.02},
}

func (c profile) parameters(t testing.TB) Parameters {
	t.Helper()
	if c.pause == "" {
		c.pause = "0"
	}
	return Parameters{
		Spec: run.Spec{Operators: c.operators, Rate: c.rate, RampTo: c.ramp, Duration: time.Minute, Cards: c.cards, Pick: mustPick(t, c.pick), Walk: c.walk, Think: mustDelay(t, c.think), Pause: mustDelay(t, c.pause), Refresh: c.refresh, Attempts: c.attempts, Backoff: mustBackoff(t, "full", 50*ms, time.Second)},

		Board: mustDelay(t, c.latency), Move: mustDelay(t, c.latency),
	}
}

func TestPredictionsAgreeWithSimulation(t *testing.T) {
	for _, c := range profiles {
		t.Run(c.name, func(t *testing.T) {
			p := c.parameters(t)
			got, err := Predict(p)
			if err != nil {
				t.Fatal(err)
			}
			var seen Observed
			const runs = 60
			for seed := range uint64(runs) {
				seen.add(mustSimulate(t, p, 1000+seed))
			}
			near(t, "conflict_rate", got.Conflict, seen.ConflictRate(), c.within+0.002)
			near(t, "attempts / seen", float64(got.Attempts)*runs/float64(seen.Attempts), 1, 0.06)
			if p.Walk == workload.Cycle {
				near(t, "hottest card", got.Hottest.Conflict, seen.CardConflictRate(seen.HottestCard()), c.within+0.02)
			}
		})
	}
}

// The reference numbers: 16.5 moves/s with windows of 0.35 s need 52 cards to
// stay below 10 %, and show about 42 % with 8.
func TestReferenceNumbers(t *testing.T) {
	p := Parameters{Spec: run.Spec{Rate: 16.5, Think: workload.Fixed(350e6), Duration: time.Minute, Cards: 8}, Arrivals: Poisson}
	rate := func(cards int) float64 {
		p.Cards = cards
		f, err := forecastOf(p)
		if err != nil {
			t.Fatal(err)
		}
		return f.conflict
	}
	near(t, "8 cards", rate(8), 0.42, 0.005)
	if rate(51) < 0.1 || rate(52) > 0.1 {
		t.Errorf("51 cards show %.4f and 52 show %.4f, want the limit of 0.1 between them", rate(51), rate(52))
	}
}

func TestCardsForAimsAtFourPerCent(t *testing.T) {
	for _, c := range profiles {
		p := c.parameters(t)
		p.Cards = 0
		cards, err := CardsFor(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Cards = cards
		f, err := expect(p)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		settable := c.pick != "first" && c.pick != "own" && c.pick != "zipf" && c.pick != "zipf:0.99" && c.walk == workload.Cycle
		if settable && (f.conflict < 0.03 || f.conflict > 0.05) {
			t.Errorf("%s: %d cards show %.4f, want 0.03–0.05", c.name, cards, f.conflict)
		}
		if cards < 8 || c.walk == workload.Cycle && cards > 1000 {
			t.Errorf("%s: %d cards", c.name, cards)
		}
		if c.walk == workload.Forward && f.runsOut() {
			t.Errorf("%s: %d cards run out after %.0f s", c.name, cards, f.outAfter)
		}
	}
}

func TestCardsForRefuses(t *testing.T) {
	_, err := CardsFor(Parameters{})
	refused(t, "CardsFor", "nothing", err, "neither operators nor a rate")
}

// Of a plan that says how many cards it takes, so many are enough; and operators
// with constant times do not keep out of each other's way for ever.
func TestFirstAndForwardWithoutThinking(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Cards: 8, Pick: mustPick(t, "first"), Walk: workload.Forward, Pause: workload.Fixed(250e6), Duration: 10 * time.Second, Warmup: 2 * time.Second, Attempts: 3, Backoff: mustBackoff(t, "full", 50*ms, time.Second)}, Board: workload.Fixed(3e6), Move: workload.Fixed(700e3)}
	auto, err := CardsFor(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Cards = auto
	got, err := Predict(p)
	if err != nil || got.RunsOut != nil {
		t.Fatalf("with the %d cards that it takes: %+v, %v", auto, got.RunsOut, err)
	}
	// Independent turns would show 12 %; that each keeps its distance from those it
	// lost to leaves a part of it.
	if aw := got.Rate * got.Window * 19 / 20; got.Conflict < 0.01 || got.Conflict > aw/(1+aw) {
		t.Errorf("%.4f of the attempts conflict, want some, and fewer than %.4f", got.Conflict, aw/(1+aw))
	}
}

// The profile that once "validated" a release.
func TestRunbookProfileRunsOut(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates plans")
	}
	p := runbook(t)
	got, err := Predict(p)
	if err != nil {
		t.Fatal(err)
	}
	if got.RunsOut == nil {
		t.Fatal("the cards do not run out")
	}
	var out float64
	for seed := range uint64(200) {
		out += mustSimulate(t, p, 1000+seed).RanOutAt / 200
	}
	near(t, "ran out after", got.RunsOut.After, out, 0.1*out)
	if g := gateNamed(t, got, "error_rate"); g.State != Undecidable {
		t.Errorf("the error gate is %+v, want it undecidable", g)
	}
	if g := gateNamed(t, got, "conflict_rate"); g.State != Unreachable {
		t.Errorf("the conflict gate is %+v, want it unreachable", g)
	}
	if got.Ready() {
		t.Error("the run is ready")
	}
	for _, g := range got.Gates {
		for _, change := range g.Changes {
			checkChange(t, p, change, g.Name)
		}
	}
	p.Cards = got.RunsOut.Cards
	if again, err := Predict(p); err != nil || again.RunsOut != nil {
		t.Errorf("with the %d cards it needs: %+v, %v", p.Cards, again.RunsOut, err)
	}
}

func runbook(t testing.TB) Parameters {
	return Parameters{
		Spec:  run.Spec{Operators: 20, Cards: 8, Pick: mustPick(t, "first"), Walk: workload.Forward, Pause: workload.Fixed(500e6), Duration: time.Minute, Attempts: 3, Backoff: mustBackoff(t, "full", 50*ms, time.Second)},
		Board: mustDelay(t, "lognormal:60ms,180ms"), Move: mustDelay(t, "lognormal:60ms,180ms"),

		Limits: Limits{Conflict: 0.1, Error: 0.01, P95: true, Recovery: true},
	}
}

func TestChangesMakeGatesDecidable(t *testing.T) {
	limits := Limits{Conflict: 0.1, Error: 0.01, P95: true, Recovery: true}
	for _, c := range []struct {
		name string
		p    Parameters
		gate string
		want State
	}{
		{"too hot", Parameters{Spec: run.Spec{Operators: 20, Cards: 8, Think: workload.Fixed(300e6), Pause: workload.Fixed(900e6)}}, "conflict_rate", Unreachable},
		{"too near the limit", Parameters{Spec: run.Spec{Rate: 16.5, Cards: 56, Think: workload.Fixed(350e6)}}, "conflict_rate", Undecidable},
		{"too steep", Parameters{Spec: run.Spec{Rate: 10, RampTo: 80, Cards: 20, Think: workload.Fixed(250e6)}}, "conflict_rate", Unreachable},
		{"too few moves", Parameters{Spec: run.Spec{Rate: 2, Cards: 50, Think: workload.Fixed(350e6)}}, "error_rate", Undecidable},
		{"too cold to recover", Parameters{Spec: run.Spec{Rate: 10, Cards: 10_000, Think: workload.Fixed(350e6)}}, "recovery", Undecidable},
		{"forward", Parameters{Spec: run.Spec{Operators: 10, Cards: 20, Walk: workload.Forward, Think: workload.Exponential(300e6)}}, "p95_ms", Decidable},
		{"no retries", Parameters{Spec: run.Spec{Operators: 20, Cards: 100, Think: workload.Exponential(300e6), Attempts: 1}}, "recovery", Unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.p
			p.Duration, p.Limits, p.Board, p.Move = time.Minute, limits, workload.Fixed(20e6), workload.Fixed(20e6)
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
func checkChange(t *testing.T, p Parameters, change Change, gate string) {
	t.Helper()
	applyChange(t, &p, change)
	f, err := expect(p)
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
func applyChange(t *testing.T, p *Parameters, c Change) {
	t.Helper()
	switch c.Setting {
	case "pick uniform with cards":
		p.Pick, p.Cards = workload.Pick{}, atoi(t, c.Value)
	case "cards":
		p.Cards = atoi(t, c.Value)
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
		p.Duration = time.Duration(mustDelay(t, c.Value).(workload.Fixed))
	case "think":
		p.Think = scaled(p.Think, mustDelay(t, c.Value).Mean().Seconds())
	case "pause":
		p.Pause = scaled(p.Pause, mustDelay(t, c.Value).Mean().Seconds())
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
	near(t, "29 attempts at 1 %", l.passing(29, 0.01), math.Pow(0.99, 29), 1e-9)
	near(t, "28 attempts at 0 %", l.passing(28, 0), 0, 0)
	near(t, "29 attempts at 0 %", l.passing(29, 0), 1, 0)
}

// A run that may end at any look needs the attempts that its bounds need.
func TestGatesOfARunThatIsLookedAt(t *testing.T) {
	p := Parameters{Spec: run.Spec{Rate: 20, Cards: 200, Think: workload.Fixed(300e6), Duration: 17 * time.Second, Attempts: 3}, Arrivals: Poisson,
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

func TestBeatenTurnsAgreeWithSimulation(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Cards: 4, Think: workload.Exponential(250e6), Pause: workload.Exponential(500e6), Attempts: 2, Duration: 10 * time.Hour}, Board: workload.Fixed(30e6), Move: workload.Fixed(30e6)}
	got, err := Predict(p)
	if err != nil {
		t.Fatal(err)
	}
	seen := mustSimulate(t, p, 1)
	if ratio := got.Beaten / float64(seen.Beaten); ratio < 0.5 || ratio > 2 {
		t.Errorf("%.0f beaten turns are predicted, %d seen: not even the size is right", got.Beaten, seen.Beaten)
	}
}

// Who finds the card finished by somebody else was overtaken: the gate does not
// count it, so a forward walk alone makes recovery no more unlikely.
func TestForwardWalkLeavesRecoveryWithinReach(t *testing.T) {
	p := Parameters{Spec: run.Spec{Operators: 20, Walk: workload.Forward, Think: workload.Fixed(250e6), Pause: workload.Fixed(250e6), Attempts: 3, Backoff: mustBackoff(t, "full", 50*ms, time.Second), Duration: time.Minute}, Board: workload.Fixed(5e6), Move: workload.Fixed(5e6),
		Limits: Limits{Recovery: true}}
	cards, err := CardsFor(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Cards = cards
	got, err := Predict(p)
	if err != nil {
		t.Fatal(err)
	}
	if g := gateNamed(t, got, "recovery"); g.State != Decidable || got.RunsOut != nil {
		t.Errorf("with %d cards: %+v, %+v", cards, g, got.RunsOut)
	}
}

func BenchmarkPredict(b *testing.B) {
	for _, i := range []int{0, 12} {
		p := profiles[i].parameters(b)
		b.Run(profiles[i].name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Predict(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestShowRate(t *testing.T) {
	for rate, want := range map[float64]string{7.81: "7.81/s", 2: "2/s", 0.1 + 0.2: "0.3/s", 0.0123: "0.0123/s", 16.5: "16.5/s", 120: "120/s", 1200: "1200/s", 1e4: "10000/s"} {
		if got := showRate(rate); got != want {
			t.Errorf("showRate(%v) = %s, want %s", rate, got, want)
		}
	}
}
