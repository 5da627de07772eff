package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// load is 40 moves a second, of which a share is bad. What is bad comes one by
// one, in stalls that catch all 20 operators, or in outages of a second.
type load struct {
	seconds, share float64
	alone          float64 // of the share: comes one by one
	burst          float64 // bad moves of one event, all within this many seconds
}

const perSecond = 40

// events returns how many bursts are expected.
func (l load) events() float64 {
	return (1 - l.alone) * l.share * l.seconds * perSecond / l.size()
}

func (l load) size() float64 {
	if l.burst >= 1 {
		return l.burst * perSecond // an outage: all that is sent meanwhile
	}
	return 20
}

// move is when one was sent, in ns, and whether it is bad.
type move struct {
	at  int64
	bad bool
}

// play draws a run, move by move, in the order of time.
func (l load) play(r *rand.Rand) []move {
	n := int(l.seconds * perSecond)
	moves := make([]move, n)
	for i := range moves {
		moves[i] = move{at: at(i), bad: r.Float64() < l.alone*l.share}
	}
	if l.alone == 1 {
		return moves
	}
	edge := 0.0 // an outage may have begun before the run
	if l.burst >= 1 {
		edge = l.size()
	}
	for range int(distuv.Poisson{Lambda: l.events() * (float64(n) + edge) / float64(n), Src: r}.Rand()) {
		first := int(r.Float64()*(float64(n)+edge) - edge)
		for i := max(first, 0); i < min(first+int(l.size()), n); i++ {
			moves[i].bad = true
			if l.burst < 1 { // a stall catches all operators at once
				moves[i].at = at(first)
			}
		}
	}
	return moves
}

// at is when a move is sent in an even load, in ns.
func at(i int) int64 { return int64(i) * 1e9 / perSecond }

func countSamples(moves []move) (s Share, b *Blocks) {
	b = &Blocks{}
	for _, m := range moves {
		b.Add(m.at, m.bad)
		s.N, s.Hits = s.N+1, s.Hits+toInt(m.bad)
	}
	s.Effect = b.Effect()
	return s, b
}

// Where samples are independent the effect is exactly 1 but in one run of a
// hundred, and the bounds are the exact ones to the last digit.
func TestIndependentSamplesHaveNoEffect(t *testing.T) {
	for _, share := range []float64{0.001, 0.01, 0.05, 0.1, 0.5, 0.99} {
		for _, seconds := range []float64{2, 10, 60, 300} {
			if testing.Short() && seconds > 60 {
				continue
			}
			runs := countRuns(300)
			if seconds <= 10 { // they are short
				runs = countRuns(1000)
			}
			t.Run(fmt.Sprintf("%v of %v s", share, seconds), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(1000*share), uint64(seconds)))
				clustered := 0
				for range runs {
					s, _ := countSamples(load{seconds: seconds, share: share, alone: 1}.play(r))
					if s.Effect != 1 {
						clustered++
						continue
					}
					if s.Upper(Enough) != RateUpper(s.Hits, s.N, Enough) || s.Lower(Enough) != RateLower(s.Hits, s.N, Enough) {
						t.Fatalf("%d of %d: bounds %v–%v, exact %v–%v", s.Hits, s.N, s.Lower(Enough), s.Upper(Enough), RateLower(s.Hits, s.N, Enough), RateUpper(s.Hits, s.N, Enough))
					}
					rank, ok := s.UpperRank(0.95, Enough)
					if exact, exists := UpperRank(s.N, 0.95, Enough); rank != exact || ok != exists {
						t.Fatalf("upper rank %d, exact %d", rank, exact)
					}
				}
				t.Logf("%d of %d runs count as clustered", clustered, runs)
				if most := mostOf(0.01, 3, runs); clustered > most {
					t.Errorf("%d of %d runs count as clustered, want at most %d", clustered, runs, most)
				}
			})
		}
	}
}

// bursts are the loads of the two tests below. A run that sees none of the events
// cannot know of them, so each expects enough that three in a hundred see none.
var bursts = []load{
	{seconds: 175, share: 0.01, burst: 0.05}, {seconds: 600, share: 0.01, burst: 0.05},
	{seconds: 35, share: 0.05, burst: 0.05}, {seconds: 60, share: 0.05, burst: 0.05}, {seconds: 300, share: 0.05, burst: 0.05},
	{seconds: 18, share: 0.1, burst: 0.05}, {seconds: 60, share: 0.1, burst: 0.05}, {seconds: 600, share: 0.1, burst: 0.05},
	{seconds: 120, share: 0.05, alone: 0.5, burst: 0.05}, {seconds: 120, share: 0.1, alone: 0.5, burst: 0.05},
	{seconds: 350, share: 0.01, burst: 1}, {seconds: 600, share: 0.01, burst: 1},
	{seconds: 70, share: 0.05, burst: 1}, {seconds: 120, share: 0.05, burst: 1},
	{seconds: 35, share: 0.1, burst: 1}, {seconds: 60, share: 0.1, burst: 1}, {seconds: 300, share: 0.1, burst: 1},
}

// Of runs whose true share lies on the limit at most 5 % call it broken, and at
// most 5 % kept. Taking the samples for independent, a third does.
func TestBurstsDoNotDecideWrongly(t *testing.T) {
	runs := countRuns(300)
	most := mostWrong(runs)
	for _, l := range bursts {
		if testing.Short() && l.seconds > 120 {
			continue
		}
		t.Run(fmt.Sprintf("%+v", l), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(l.seconds)))
			var broken, kept, naiveBroken, naiveKept int
			for range runs {
				s, _ := countSamples(l.play(r))
				broken += toInt(s.Lower(Enough) > l.share)
				kept += toInt(s.Upper(Enough) < l.share)
				naiveBroken += toInt(RateLower(s.Hits, s.N, Enough) > l.share)
				naiveKept += toInt(RateUpper(s.Hits, s.N, Enough) < l.share)
			}
			t.Logf("of %d runs %d broken, %d kept; taken for independent %d and %d", runs, broken, kept, naiveBroken, naiveKept)
			if broken > most || kept > most {
				t.Errorf("of %d runs %d call the limit broken and %d kept, want at most %d of each", runs, broken, kept, most)
			}
			if naiveBroken < runs/10 || naiveKept < runs/10 {
				t.Errorf("independent bounds are wrong in %d and %d of %d runs: the simulation tests nothing", naiveBroken, naiveKept, runs)
			}
		})
	}
}

// One event in a run is evidence of one event alone, however short the run.
func TestOneEventDoesNotAccuse(t *testing.T) {
	runs := countRuns(300)
	most := mostWrong(runs)
	for _, l := range []load{
		{seconds: 5, share: 0.01, burst: 1}, {seconds: 10, share: 0.01, burst: 1}, {seconds: 60, share: 0.01, burst: 1},
		{seconds: 10, share: 0.05, burst: 1}, {seconds: 10, share: 0.1, burst: 1},
		{seconds: 5, share: 0.01, burst: 0.05}, {seconds: 10, share: 0.05, burst: 0.05}, {seconds: 10, share: 0.01, burst: 0.05},
	} {
		t.Run(fmt.Sprintf("%+v", l), func(t *testing.T) {
			r := rand.New(rand.NewPCG(8, uint64(l.seconds)))
			broken := 0
			for range runs {
				s, _ := countSamples(l.play(r))
				broken += toInt(s.Lower(Enough) > l.share)
			}
			t.Logf("of %d runs %d broken", runs, broken)
			if broken > most {
				t.Errorf("of %d runs %d call the limit broken, want at most %d", runs, broken, most)
			}
		})
	}
}

// The same at every look, when the run is stopped at the first that decides. A run
// that shows nothing of the bursts until it is decided cannot know of them.
func TestBurstsDoNotDecideWronglyAtAnyLook(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates thousands of looks")
	}
	runs := countRuns(150)
	most := mostWrong(runs)
	for _, l := range bursts {
		if l.seconds > 180 || l.alone > 0 {
			continue
		}
		t.Run(fmt.Sprintf("%+v", l), func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, uint64(l.seconds)))
			var broken, kept int
			for range runs {
				below, above := lookAt(l.play(r), l.share)
				broken, kept = broken+toInt(above), kept+toInt(below)
			}
			t.Logf("of %d runs %d broken, %d kept", runs, broken, kept)
			if broken > most || kept > most {
				t.Errorf("of %d runs %d call the limit broken and %d kept, want at most %d of each", runs, broken, kept, most)
			}
		})
	}
}

// lookAt looks every second and stops at the first decision.
func lookAt(moves []move, limit float64) (below, above bool) {
	s, b := Share{Anytime: true}, &Blocks{}
	for i, m := range moves {
		b.Add(m.at, m.bad)
		s.N, s.Hits = s.N+1, s.Hits+toInt(m.bad)
		if i%perSecond != perSecond-1 {
			continue
		}
		s.Effect = b.Effect()
		if s.Upper(Enough) < limit {
			return s.Hits > 0, false
		}
		if s.Lower(Enough) > limit && b.Moments(1e9) >= 5 {
			return false, true
		}
	}
	return false, false
}

// A share far beyond its limit is found to be so, clustered or not.
func TestClusteredBoundsStillDecide(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 1))
	for _, c := range []struct {
		name         string
		load         load
		limit        float64
		above, below bool
	}{
		{"one in five, one by one", load{seconds: 10, share: 0.2, alone: 1}, 0.01, true, false},
		{"one in five, in bursts", load{seconds: 60, share: 0.2, burst: 0.05}, 0.01, true, false},
		{"a third of the time an outage", load{seconds: 60, share: 0.33, burst: 1}, 0.01, true, false},
		{"a burst a minute", load{seconds: 1200, share: 20.0 / 60 / perSecond, burst: 0.05}, 0.05, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := countSamples(c.load.play(r))
			if got := s.Lower(Enough) > c.limit; got != c.above {
				t.Errorf("%d of %d, effect %v: at least %v", s.Hits, s.N, s.Effect, s.Lower(Enough))
			}
			if got := s.Upper(Enough) < c.limit; got != c.below {
				t.Errorf("%d of %d, effect %v: at most %v", s.Hits, s.N, s.Effect, s.Upper(Enough))
			}
		})
	}
}

// Ranks and shares are one statement, clustered too.
func TestClusteredRanksAndSharesAgree(t *testing.T) {
	for _, anytime := range []bool{false, true} {
		for _, effect := range []float64{1, 1.7, 20} {
			for _, n := range []int{10, 300, 2000} {
				s := Share{N: n, Effect: effect, Anytime: anytime}
				high, bounded := s.UpperRank(0.95, Enough)
				low, _ := s.LowerRank(0.95, Enough)
				for slow := range n {
					s.Hits = slow
					if below := bounded && n-slow >= high; below != (s.Upper(Enough) < 0.05) {
						t.Fatalf("%+v: upper rank %d (%v), share at most %v", s, high, bounded, s.Upper(Enough))
					}
					if above := n-slow < low; above != (s.Lower(Enough) > 0.05) {
						t.Fatalf("%+v: lower rank %d, share at least %v", s, low, s.Lower(Enough))
					}
				}
			}
		}
	}
}

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		name string
		hit  func(i int) bool
		want int
	}{
		{"none", func(int) bool { return false }, 0},
		{"one stall", func(i int) bool { return i >= 103 && i < 113 }, 1},
		{"all the time", func(int) bool { return true }, 20},
		{"four stalls", func(i int) bool { return i%100 == 50 }, 4},
	} {
		var b Blocks
		for i := range 400 {
			b.Add(5e9+at(i), c.hit(i))
		}
		if got := b.Moments(0); got != c.want {
			t.Errorf("%s: %d moments, want %d", c.name, got, c.want)
		}
	}
}

func TestForgivenHits(t *testing.T) {
	var b Blocks
	for i := range 4000 {
		b.Add(at(i), i >= 1000 && i < 1020)
	}
	if b.Effect() < 15 {
		t.Errorf("twenty at once have an effect of %v", b.Effect())
	}
	for i := 1000; i < 1020; i++ {
		b.RemoveHit(at(i))
	}
	if b.Effect() != 1 || b.Moments(0) != 0 {
		t.Errorf("without a hit the effect is %v and there are %d moments", b.Effect(), b.Moments(0))
	}
}
