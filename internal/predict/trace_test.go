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
		read, updated := (a.ReadStart+a.ReadEnd)/2, (a.UpdateStart+a.UpdateEnd)/2
		board, update := a.ReadEnd-a.ReadStart, a.UpdateEnd-a.UpdateStart
		a.ReadStart = read - board*(0.2+0.6*r.Float64())
		a.ReadEnd = a.ReadStart + board
		a.UpdateStart = max(updated-update*(0.2+0.6*r.Float64()), a.ReadEnd)
		a.UpdateEnd = max(a.UpdateStart+update, updated)
		attempts = append(attempts, a)
		if conflict {
			conflicts++
		}
	}
	s.begin()
	for !s.queue.isEmpty() && s.seen.RanOutAt == 0 {
		s.step(s.queue.pop())
	}
	return attempts, conflicts
}

func mustTrace(t testing.TB, attempts []Attempt, records int) TracePrediction {
	t.Helper()
	p, err := new(Replay).Predict(attempts, records)
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
				got := mustTrace(t, attempts, p.Records)
				observed := divideOrZero(conflicts, len(attempts))
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
	got := mustTrace(t, attempts, p.Records)
	if agreement := got.Compare(0); agreement != TooFew || !strings.Contains(agreement.Causes()[0].String(), "lost updates") {
		t.Errorf("no conflict where %.2f are expected: %v", got.Rate, agreement)
	}
	if agreement := got.Compare(0.9); agreement != TooMany || len(agreement.Causes()) == 0 {
		t.Errorf("90 %% conflicts where %.2f are expected: %v", got.Rate, agreement)
	}
}

func TestTraceByHand(t *testing.T) {
	attempts := []Attempt{
		{Record: 0, ReadStart: 0, ReadEnd: 0, UpdateStart: 5, UpdateEnd: 5},   // updates
		{Record: 0, ReadStart: 4, ReadEnd: 4, UpdateStart: 8, UpdateEnd: 8},   // read before 5: conflict
		{Record: 0, ReadStart: 6, ReadEnd: 6, UpdateStart: 9, UpdateEnd: 9},   // 8 updated nothing: updates
		{Record: 1, ReadStart: 1, ReadEnd: 1, UpdateStart: 20, UpdateEnd: 20}, // alone
		{Record: 2, ReadStart: 0, ReadEnd: 0, UpdateStart: 3, UpdateEnd: 3, Uncertain: true},
		{Record: 2, ReadStart: 1, ReadEnd: 1, UpdateStart: 4, UpdateEnd: 4}, // conflict if the other was applied
	}
	got := mustTrace(t, attempts, 3)
	near(t, "record 0", got.Records[0].Rate, 1.0/3, 1e-9)
	near(t, "record 1", got.Records[1].Rate, 0, 0)
	near(t, "record 2", got.Records[2].Rate, 0.5, 0)
	near(t, "record 2, lower", got.Records[2].Lower, 0, 0)
	near(t, "record 2, upper", got.Records[2].Upper, 1, 0)
	near(t, "all", got.Rate, 1.5/5, 1e-9)
	if got.Hottest != 0 || got.Attempts != 5 {
		t.Errorf("the hottest record is %d of %d attempts, want 0 of 5", got.Hottest, got.Attempts)
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
		{"unknown record", Attempt{Record: 3}, "record 3 of 3"},
		{"negative record", Attempt{Record: -1}, "record -1"},
		{"answered before sent", Attempt{ReadStart: 1}, "not in order"},
		{"no number", Attempt{UpdateStart: math.NaN(), UpdateEnd: 1}, "not in order"},
		{"for ever", Attempt{UpdateEnd: math.Inf(1)}, "not in order"},
	} {
		_, err := new(Replay).Predict([]Attempt{c.a}, 3)
		refused(t, "Predict", c.name, err, c.want)
	}
}

func BenchmarkReplay(b *testing.B) {
	p := profiles[12].parameters(b)
	p.Duration = time.Hour
	attempts, _ := traced(b, p, 1)
	for b.Loop() {
		mustTrace(b, attempts, p.Records)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(attempts)*b.N), "ns/attempt")
}
