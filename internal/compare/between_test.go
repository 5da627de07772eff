package compare

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/occbench/occbench/internal/stats"
)

// R. G. Newcombe, Statist. Med. 17 (1998) 873–890, table II, method 10, which
// combines Wilson's bounds.
func TestNewcombe(t *testing.T) {
	for _, tt := range []struct {
		runHits, runN, baseHits, baseN int
		lower, upper                   float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
	} {
		t.Run(fmt.Sprintf("%d of %d and %d of %d", tt.runHits, tt.runN, tt.baseHits, tt.baseN), func(t *testing.T) {
			lower, upper := boundDifference(wilsonBounds(tt.baseHits, tt.baseN), wilsonBounds(tt.runHits, tt.runN))
			checkNear(t, "lower", lower, tt.lower, 6e-5)
			checkNear(t, "upper", upper, tt.upper, 6e-5)
		})
	}
}

func wilsonBounds(hits, n int) bounded {
	z, m := distuv.UnitNormal.Quantile(0.975), float64(n)
	p := float64(hits) / m
	middle, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return bounded{p, (middle - half) / (1 + z*z/m), (middle + half) / (1 + z*z/m)}
}

func TestShareHasTheBoundsOfStats(t *testing.T) {
	for _, tt := range [][2]int{{0, 5}, {5, 5}, {3, 100}, {40, 1000}} {
		b := estimateShare(tt[0], tt[1], 1)(0.1)
		checkNear(t, "lower", b.lower, stats.RateLower(tt[0], tt[1], 0.95), 1e-12)
		checkNear(t, "upper", b.upper, stats.RateUpper(tt[0], tt[1], 0.95), 1e-12)
	}
	whole, half := estimateShare(10, 100, 1)(0.05), estimateShare(10, 100, 2)(0.05)
	if half.lower >= whole.lower || half.upper <= whole.upper || half.estimate != whole.estimate {
		t.Errorf("samples that hang together bound as tightly: %v, alone %v", half, whole)
	}
}

// The bounds hold at every level that the search for a p-value asks for.
func TestBetaQuantile(t *testing.T) {
	for _, n := range []float64{10, 1000, 1e5, 5e6} {
		for _, k := range []float64{1, 3, 8.5, n / 2, n - 1} {
			for _, p := range []float64{0.5, 0.025, 1e-4, 1e-6, 5e-10, 5e-13} {
				x := stats.BetaQuantile(k, n-k+1, p)
				if got := mathext.RegIncBeta(k, n-k+1, x); math.Abs(got-p) > 1e-6*p {
					t.Errorf("I_%v(%v, %v) = %v, want %v", x, k, n-k+1, got, p)
				}
			}
		}
	}
}

// Every pair of counts is enumerated: whatever the true rate, the chance of a
// false "worse" is at most half the level.
func TestSharesRejectRarely(t *testing.T) {
	const alpha = 0.05
	for _, size := range [][2]int{{20, 20}, {15, 60}, {60, 12}} {
		m, n := size[0], size[1]
		worse := map[[2]int]bool{}
		for b := range m + 1 {
			at := estimateShare(b, m, 1)(alpha)
			for r := range n + 1 {
				lower, _ := boundDifference(at, estimateShare(r, n, 1)(alpha))
				worse[[2]int{b, r}] = lower > 0
			}
		}
		for p := 0.005; p < 1; p += 0.015 {
			bd, rd := distuv.Binomial{N: float64(m), P: p}, distuv.Binomial{N: float64(n), P: p}
			chance := 0.0
			for k, w := range worse {
				if w {
					chance += bd.Prob(float64(k[0])) * rd.Prob(float64(k[1]))
				}
			}
			if chance > alpha/2+1e-9 {
				t.Errorf("%d and %d at rate %.3f: false worse with %.4f", m, n, p, chance)
			}
		}
	}
}

// The p-value is the level at which the bounds begin to exclude the margin.
func TestPBetweenBelongsToTheBounds(t *testing.T) {
	base, run := estimateShare(12, 400, 1), estimateShare(30, 420, 1)
	for _, margin := range []float64{0, 0.01, 0.02} {
		p := findPValue(base, run, margin)
		for _, by := range []float64{0.999, 1.001} {
			lower, upper := boundDifference(base(p*by), run(p*by))
			if got := isBeyondMargin(lower, upper, margin); got != (by > 1) {
				t.Errorf("margin %v, p = %v: at %v times p the bounds are %v to %v", margin, p, by, lower, upper)
			}
		}
	}
	if p := findPValue(estimateShare(5, 100, 1), estimateShare(5, 100, 1), 0); p != 1 {
		t.Errorf("equal shares have p = %v", p)
	}
	if p := findPValue(estimateShare(0, 100_000, 1), estimateShare(100_000, 100_000, 1), 0); p != surest {
		t.Errorf("none against all has p = %v", p)
	}
}

func TestQuantileOfWhatNeverCame(t *testing.T) {
	sorted := make([]int64, 200)
	for i := range sorted {
		sorted[i] = int64(i+1) * 1e6
		if i >= 180 {
			sorted[i] = stats.Never
		}
	}
	b := estimateQuantile(sorted, 0.95, 1)(0.1)
	if !math.IsInf(b.estimate, 1) || !math.IsInf(b.upper, 1) || !math.IsInf(b.lower, 1) {
		t.Errorf("a tenth without answers has the p95 %v", b)
	}
	few := estimateQuantile(sorted[:20], 0.95, 1)(0.1)
	if !math.IsInf(few.upper, 1) || few.estimate != 19 {
		t.Errorf("20 latencies have the p95 %v", few)
	}
}

func TestHolm(t *testing.T) {
	adjusted, levels := stats.Holm([]float64{0.01, 0.04, 0.03, 0.005}, 0.05)
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		checkNear(t, fmt.Sprintf("adjusted %d", i), adjusted[i], want, 1e-12)
	}
	for i, want := range []float64{0.05 / 3, 0.025, 0.025, 0.0125} {
		checkNear(t, fmt.Sprintf("level %d", i), levels[i], want, 1e-12)
	}
}

func TestConditional(t *testing.T) {
	d := distuv.Binomial{N: 12, P: 0.25}
	tail := 0.0
	for k := 7; k <= 12; k++ {
		tail += d.Prob(float64(k))
	}
	checkNear(t, "7 of 12 at 1:3", testCounts(5, 7, 0.25), 2*tail, 1e-12)
	for _, tt := range []struct {
		base, run int
		share     float64
	}{{0, 0, 0.5}, {3, 3, 0.5}, {3, 3, 0}, {3, 3, 1}} {
		if p := testCounts(tt.base, tt.run, tt.share); p != 1 {
			t.Errorf("%v: p = %v, want 1", tt, p)
		}
	}
}

func checkNear(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > by {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
