package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestRateBounds(t *testing.T) {
	tests := []struct {
		name         string
		bad, n       int
		lower, upper float64
	}{
		{"5 clean requests", 0, 5, 0, 0.451},
		{"12 clean requests", 0, 12, 0, 0.221},
		{"17 clean requests", 0, 17, 0, 0.162},
		{"rule of three", 0, 299, 0, 0.00997},
		{"all bad", 5, 5, 0.549, 1},
		{"one of one", 1, 1, 0.05, 1},
		{"half", 10, 20, 0.302, 0.698},
		{"no data says nothing", 0, 0, 0, 1},
		{"negative count says nothing", -1, 10, 0, 1},
		{"more bad than all says nothing", 11, 10, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkNear(t, "lower", RateLower(tt.bad, tt.n, Enough), tt.lower, 5e-4)
			checkNear(t, "upper", RateUpper(tt.bad, tt.n, Enough), tt.upper, 5e-4)
		})
	}
}

func TestUnusableConfidenceSaysNothing(t *testing.T) {
	for _, c := range []float64{0, 1, -1, 2, math.NaN(), math.Inf(1)} {
		if l, u := RateLower(5, 10, c), RateUpper(5, 10, c); l != 0 || u != 1 {
			t.Errorf("confidence %v: bounds [%v, %v], want [0, 1]", c, l, u)
		}
		if r, ok := UpperRank(1000, 0.95, c); ok {
			t.Errorf("confidence %v: upper rank %d", c, r)
		}
		if r, ok := LowerRank(1000, 0.95, c); ok {
			t.Errorf("confidence %v: lower rank %d", c, r)
		}
	}
}

// The defining equations, with gonum's binomial distribution as the second source.
func TestRateBoundsSolveTheBinomial(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + r.IntN(int(math.Pow(10, 1+5*r.Float64())))
		bad := r.IntN(n + 1)
		confidence := 0.5 + 0.499*r.Float64()
		if bad < n {
			p := RateUpper(bad, n, confidence)
			got := distuv.Binomial{N: float64(n), P: p}.CDF(float64(bad))
			checkNear(t, fmt.Sprintf("P(Bin(%d, %v) ≤ %d)", n, p, bad), got, 1-confidence, 1e-8)
		}
		if bad > 0 {
			p := RateLower(bad, n, confidence)
			got := 1 - distuv.Binomial{N: float64(n), P: p}.CDF(float64(bad-1))
			checkNear(t, fmt.Sprintf("P(Bin(%d, %v) ≥ %d)", n, p, bad), got, 1-confidence, 1e-8)
		}
	}
}

// The same equations once more by adding up point probabilities, which shares
// no incomplete beta function with the code.
func TestRateUpperAgainstTheSum(t *testing.T) {
	for _, n := range []int{1, 5, 12, 100, 1049} {
		for bad := 0; bad < min(n, 40); bad++ {
			p, sum := RateUpper(bad, n, Enough), 0.0
			for k := 0; k <= bad; k++ {
				sum += distuv.Binomial{N: float64(n), P: p}.Prob(float64(k))
			}
			checkNear(t, fmt.Sprintf("%d of %d", bad, n), sum, 0.05, 1e-9)
		}
	}
}

// Over all outcomes of n samples the bounds hold with at least the confidence:
// summed exactly, and seen again in simulated runs.
func TestRateCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{5, 50, 300, 1000} {
		for _, p := range []float64{0.001, 0.01, 0.05, 0.1, 0.5, 0.9} {
			t.Run(fmt.Sprintf("n=%d p=%v", n, p), func(t *testing.T) {
				above, below := make([]bool, n+1), make([]bool, n+1)
				var upper, lower float64
				b := distuv.Binomial{N: float64(n), P: p}
				for k := range n + 1 {
					above[k], below[k] = RateUpper(k, n, Enough) >= p, RateLower(k, n, Enough) <= p
					upper += toFloat01(above[k]) * b.Prob(float64(k))
					lower += toFloat01(below[k]) * b.Prob(float64(k))
				}
				atLeast(t, "upper", upper, Enough, 1e-9)
				atLeast(t, "lower", lower, Enough, 1e-9)

				const runs = 4000
				upper, lower = 0, 0
				for range runs {
					k := 0
					for range n {
						k += int(toFloat01(r.Float64() < p))
					}
					upper += toFloat01(above[k]) / runs
					lower += toFloat01(below[k]) / runs
				}
				atLeast(t, "simulated upper", upper, Enough, monteCarlo(runs))
				atLeast(t, "simulated lower", lower, Enough, monteCarlo(runs))
			})
		}
	}
}

// monteCarlo is four standard errors of a coverage of 95 % seen in so many runs.
func monteCarlo(runs int) float64 {
	return 4 * math.Sqrt(Enough*(1-Enough)/float64(runs))
}

func toFloat01(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func checkNear(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, within)
	}
}

func atLeast(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if !(got >= want-slack) {
		t.Errorf("%s coverage %v, want at least %v", what, got, want)
	}
}
