package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestUpperRank(t *testing.T) {
	tests := []struct {
		n, rank int
		ok      bool
	}{
		{0, 0, false},
		{1, 2, false},
		{58, 59, false},
		{59, 59, true},
		{100, 99, true},
		{500, 484, true},  // the p96.8
		{1000, 962, true}, // the p96.2
	}
	for _, tt := range tests {
		rank, ok := UpperRank(tt.n, 0.95, Enough)
		if rank != tt.rank || ok != tt.ok {
			t.Errorf("n=%d: rank %d %v, want %d %v", tt.n, rank, ok, tt.rank, tt.ok)
		}
	}
	rank, _ := UpperRank(5000, 0.95, Enough)
	checkNear(t, "share of 5000", float64(rank)/5000, 0.955, 5e-4)
}

func TestLowerRank(t *testing.T) {
	tests := []struct {
		n, rank int
		ok      bool
	}{
		{0, 0, false},
		{1, 1, true}, // one slow sample: 95 % sure that the p95 is not below it
		{59, 53, true},
		{100, 91, true},
	}
	for _, tt := range tests {
		rank, ok := LowerRank(tt.n, 0.95, Enough)
		if rank != tt.rank || ok != tt.ok {
			t.Errorf("n=%d: rank %d %v, want %d %v", tt.n, rank, ok, tt.rank, tt.ok)
		}
	}
	if rank, ok := LowerRank(1, 0.95, 0.99); ok {
		t.Errorf("one sample at 99 %%: rank %d, want none", rank)
	}
}

func TestRank(t *testing.T) {
	for _, tt := range []struct {
		n, rank int
		q       float64
	}{{0, 0, 0.95}, {1, 1, 0.95}, {20, 19, 0.95}, {21, 20, 0.95}, {100, 95, 0.95}, {1000, 990, 0.99}, {10, 5, 0.5}, {3, 3, 1}, {3, 1, 0}} {
		if got := Rank(tt.n, tt.q); got != tt.rank {
			t.Errorf("Rank(%d, %v) = %d, want %d", tt.n, tt.q, got, tt.rank)
		}
	}
}

// Both ranks are the tightest that hold, with gonum's binomial distribution as
// the second source.
func TestRanksAreTight(t *testing.T) {
	for n := 1; n <= 3000; n += 1 + n/10 {
		for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
			b := distuv.Binomial{N: float64(n), P: q}
			if r, ok := UpperRank(n, q, Enough); ok {
				if b.CDF(float64(r-1)) < Enough-1e-9 || r > 1 && b.CDF(float64(r-2)) >= Enough+1e-9 {
					t.Errorf("n=%d q=%v: upper rank %d is not the smallest that holds", n, q, r)
				}
			}
			if r, ok := LowerRank(n, q, Enough); ok {
				if 1-b.CDF(float64(r-1)) < Enough-1e-9 || 1-b.CDF(float64(r)) >= Enough+1e-9 {
					t.Errorf("n=%d q=%v: lower rank %d is not the largest that holds", n, q, r)
				}
			}
		}
	}
}

// A bound of the quantile and a bound of the share beyond the limit are the
// same statement: the p95's upper bound is the r-th sample if and only if n−r
// slow samples still prove "fewer than 5 % are slow".
func TestQuantileAndShareAgree(t *testing.T) {
	for n := 1; n < 2000; n += 7 {
		r, ok := UpperRank(n, 0.95, Enough)
		for slow := range min(n, 120) {
			proven := RateUpper(slow, n, Enough) < 0.05
			if byRank := ok && n-slow >= r; byRank != proven {
				t.Fatalf("%d slow of %d: rank says %v, share says %v", slow, n, byRank, proven)
			}
		}
	}
}

// Latencies come rounded and in heaps, so coverage is simulated with and
// without ties.
func TestQuantileCoverage(t *testing.T) {
	draws := map[string]func(*rand.Rand) float64{
		"lognormal":   func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) },
		"exponential": func(r *rand.Rand) float64 { return r.ExpFloat64() },
		"uniform":     func(r *rand.Rand) float64 { return r.Float64() },
		"ties":        func(r *rand.Rand) float64 { return math.Floor(4 * r.ExpFloat64()) },
	}
	truth := map[string]float64{
		"lognormal": math.Exp(1.6448536269514722), "exponential": math.Log(20), "uniform": 0.95,
		"ties": 11, // P(X ≤ 11) = 1−e^−3 = 0.9502
	}
	for name, draw := range draws {
		for _, n := range []int{59, 100, 1000} {
			t.Run(fmt.Sprintf("%s n=%d", name, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(5, uint64(n)))
				high, _ := UpperRank(n, 0.95, Enough)
				low, _ := LowerRank(n, 0.95, Enough)
				const runs = 1000
				var upper, lower float64
				x := make([]float64, n)
				for range runs {
					for i := range x {
						x[i] = draw(r)
					}
					slices.Sort(x)
					upper += toFloat01(x[high-1] >= truth[name]) / runs
					lower += toFloat01(x[low-1] <= truth[name]) / runs
				}
				atLeast(t, "upper", upper, Enough, monteCarlo(runs))
				atLeast(t, "lower", lower, Enough, monteCarlo(runs))
			})
		}
	}
}
