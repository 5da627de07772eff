package predict

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// traced simulates a run and returns its attempts as a client sees them, with
// the conflicts that the server answered with. The server reads and decides at
// random shares of the calls, which the client does not know.
func traced(t testing.TB, p Parameters, seed uint64) (attempts []Attempt, conflicts int) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	s := newSimulation(p, seed)
	r := rand.New(rand.NewPCG(seed, 9))
	s.onAttempt = func(a Attempt, conflict bool) {
		read, moved := (a.ReadStart+a.ReadEnd)/2, (a.MoveStart+a.MoveEnd)/2
		board, move := a.ReadEnd-a.ReadStart, a.MoveEnd-a.MoveStart
		a.ReadStart = read - board*(0.2+0.6*r.Float64())
		a.ReadEnd = a.ReadStart + board
		a.MoveStart = max(moved-move*(0.2+0.6*r.Float64()), a.ReadEnd)
		a.MoveEnd = max(a.MoveStart+move, moved)
		attempts = append(attempts, a)
		if conflict {
			conflicts++
		}
	}
	s.begin()
	for !s.queue.empty() && s.seen.RanOutAt == 0 {
		s.step(s.queue.pop())
	}
	return attempts, conflicts
}

func mustTrace(t testing.TB, attempts []Attempt, cards int) TracePrediction {
	t.Helper()
	p, err := FromTrace(attempts, cards)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTraceAgreesWithACorrectServer(t *testing.T) {
	for _, c := range profiles {
		t.Run(c.name, func(t *testing.T) {
			p := c.parameters(t)
			p.Refresh = 0
			inside := 0
			const runs = 10
			for seed := range uint64(runs) {
				attempts, conflicts := traced(t, p, 100+seed)
				got := mustTrace(t, attempts, p.Cards)
				observed := ratio(conflicts, len(attempts))
				if got.Compare(observed) != Agrees {
					t.Errorf("seed %d: %.4f observed %v, expected %.4f (%.4f–%.4f)", seed, observed, got.Compare(observed), got.Rate, got.Lower, got.Upper)
				}
				within := 0.03
				if MeanSeconds(p.Think) == 0 { // the window is all latency, of which a client sees the ends only
					within = 0.08
				}
				near(t, "expected rate", got.Rate, observed, within)
				if observed >= got.Lower && observed <= got.Upper {
					inside++
				}
			}
			if inside < runs-1 {
				t.Errorf("the bounds hold the observed rate in %d of %d runs", inside, runs)
			}
		})
	}
}

func TestTraceOfAServerThatLosesUpdates(t *testing.T) {
	p := profiles[1].parameters(t)
	attempts, _ := traced(t, p, 1)
	got := mustTrace(t, attempts, p.Cards)
	if agreement := got.Compare(0); agreement != TooFew || !strings.Contains(agreement.Causes()[0], "lost updates") {
		t.Errorf("no conflict where %.2f are expected: %v", got.Rate, agreement)
	}
	if agreement := got.Compare(0.9); agreement != TooMany || len(agreement.Causes()) == 0 {
		t.Errorf("90 %% conflicts where %.2f are expected: %v", got.Rate, agreement)
	}
}

func TestTraceByHand(t *testing.T) {
	attempts := []Attempt{
		{Card: 0, ReadStart: 0, ReadEnd: 0, MoveStart: 5, MoveEnd: 5},   // moves
		{Card: 0, ReadStart: 4, ReadEnd: 4, MoveStart: 8, MoveEnd: 8},   // read before 5: conflict
		{Card: 0, ReadStart: 6, ReadEnd: 6, MoveStart: 9, MoveEnd: 9},   // 8 moved nothing: moves
		{Card: 1, ReadStart: 1, ReadEnd: 1, MoveStart: 20, MoveEnd: 20}, // alone
		{Card: 2, ReadStart: 0, ReadEnd: 0, MoveStart: 3, MoveEnd: 3, Uncertain: true},
		{Card: 2, ReadStart: 1, ReadEnd: 1, MoveStart: 4, MoveEnd: 4}, // conflict if the other was applied
	}
	got := mustTrace(t, attempts, 3)
	near(t, "card 0", got.Cards[0].Rate, 1.0/3, 1e-9)
	near(t, "card 1", got.Cards[1].Rate, 0, 0)
	near(t, "card 2", got.Cards[2].Rate, 0.5, 0)
	near(t, "card 2, lower", got.Cards[2].Lower, 0, 0)
	near(t, "card 2, upper", got.Cards[2].Upper, 1, 0)
	near(t, "all", got.Rate, 1.5/5, 1e-9)
	if got.Hottest != 0 || got.Attempts != 5 {
		t.Errorf("the hottest card is %d of %d attempts, want 0 of 5", got.Hottest, got.Attempts)
	}
}

func TestTraceOfNothing(t *testing.T) {
	got := mustTrace(t, nil, 3)
	if got.Rate != 0 || got.Compare(0) != Agrees || got.Compare(1) != Agrees {
		t.Errorf("no attempts are expected to show %v", got.Expected)
	}
}

func TestTraceRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		a    Attempt
		want string
	}{
		{"unknown card", Attempt{Card: 3}, "card 3 of 3"},
		{"negative card", Attempt{Card: -1}, "card -1"},
		{"answered before sent", Attempt{ReadStart: 1}, "not in order"},
		{"no number", Attempt{MoveStart: math.NaN(), MoveEnd: 1}, "not in order"},
		{"for ever", Attempt{MoveEnd: math.Inf(1)}, "not in order"},
	} {
		_, err := FromTrace([]Attempt{c.a}, 3)
		refused(t, "FromTrace", c.name, err, c.want)
	}
}

func BenchmarkFromTrace(b *testing.B) {
	p := profiles[12].parameters(b)
	p.Duration = time.Hour
	attempts, _ := traced(b, p, 1)
	for b.Loop() {
		mustTrace(b, attempts, p.Cards)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(attempts)*b.N), "ns/attempt")
}
