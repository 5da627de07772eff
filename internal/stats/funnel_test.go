package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The limits hold as much as they say: the quantile on whose step they lie is that of
// the binomial, and for many attempts they are the normal ones.
func TestFunnelLimit(t *testing.T) {
	for _, n := range []int{1, 5, 30, 400} {
		for _, p := range []float64{0.01, 0.05, 0.3, 0.9} {
			for _, q := range []float64{0.001, 0.025, 0.975, 0.999} {
				limit := FunnelLimit(n, p, q)
				step := math.Ceil(limit*float64(n) - 1e-9)
				d := distuv.Binomial{N: float64(n), P: p}
				if d.CDF(step) < q || step > 0 && limit > 0 && d.CDF(step-1) >= q {
					t.Errorf("n %d, p %v, q %v: %v is not on the step of the quantile", n, p, q, limit)
				}
			}
		}
	}
	const n, p = 1_000_000, 0.05
	if got, want := FunnelLimit(n, p, 0.975), p+1.96*math.Sqrt(p*(1-p)/n); math.Abs(got-want) > 1e-5 {
		t.Errorf("%v, want about %v", got, want)
	}
	for _, got := range []float64{FunnelLimit(0, 0.5, 0.9), FunnelLimit(9, 0, 0.9)} {
		if got != 0 {
			t.Errorf("%v without attempts or hits", got)
		}
	}
}
