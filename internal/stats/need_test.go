package stats

import (
	"fmt"
	"testing"
)

func TestMinSamples(t *testing.T) {
	tests := []struct {
		limit float64
		bad   int
		n     int
	}{
		{0.01, 0, 299}, {0.01, 1, 473}, {0.01, 2, 628}, {0.01, 3, 773}, {0.01, 5, 1049},
		{0.10, 0, 29}, {0.10, 1, 46}, {0.10, 2, 61}, {0.10, 3, 76}, {0.10, 5, 103},
		{0.05, 0, 59},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d bad below %v", tt.bad, tt.limit), func(t *testing.T) {
			n, ok := MinSamples(tt.bad, tt.limit, Enough)
			if n != tt.n || !ok {
				t.Fatalf("n = %d %v, want %d", n, ok, tt.n)
			}
			if u := RateUpper(tt.bad, n, Enough); u >= tt.limit {
				t.Errorf("%d samples have the upper bound %v", n, u)
			}
			if u := RateUpper(tt.bad, n-1, Enough); u < tt.limit {
				t.Errorf("%d samples would do: %v", n-1, u)
			}
		})
	}
}

func TestMinSamplesHasNone(t *testing.T) {
	for _, tt := range []struct {
		name       string
		bad        int
		limit, cnf float64
	}{{"limit 0", 0, 0, Enough}, {"negative count", -1, 0.01, Enough}, {"confidence 1", 0, 0.01, 1}, {"tiny limit", 0, 1e-12, Enough}} {
		if n, ok := MinSamples(tt.bad, tt.limit, tt.cnf); ok {
			t.Errorf("%s: %d samples", tt.name, n)
		}
	}
}

func TestMoreForRate(t *testing.T) {
	tests := []struct {
		name   string
		bad, n int
		limit  float64
		more   int
		ok     bool
	}{
		{"no data", 0, 0, 0.01, 299, true},
		{"clean so far", 0, 50, 0.01, 249, true},
		{"one short", 0, 298, 0.01, 1, true},
		{"decided below", 0, 299, 0.01, 0, true},
		{"decided above", 50, 100, 0.01, 0, true},
		{"on the limit", 10, 1000, 0.01, 0, false},
		{"impossible counts", 5, 3, 0.01, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			more, ok := MoreForRate(tt.bad, tt.n, tt.limit, Enough)
			if ok != tt.ok || ok && more != tt.more {
				t.Errorf("got %d %v, want %d %v", more, ok, tt.more, tt.ok)
			}
		})
	}
}

// With the forecast number of samples at the same estimate the gate is decided,
// on the side of the estimate; with a tenth less it is not.
func TestMoreForRateForecasts(t *testing.T) {
	for _, limit := range []float64{0.01, 0.05, 0.1} {
		for _, n := range []int{20, 100, 400, 1500} {
			for bad := 1; bad < n/5; bad += 1 + bad/3 {
				more, ok := MoreForRate(bad, n, limit, Enough)
				if !ok || more == 0 {
					continue
				}
				rate := float64(bad) / float64(n)
				total := float64(n + more)
				k := rate * total
				below, above := isBelow(k, total, limit, Enough), isAbove(k, total, limit, Enough)
				if below != (rate < limit) || above != (rate > limit) {
					t.Errorf("%d of %d against %v: %d more decide below %v, above %v", bad, n, limit, more, below, above)
				}
				less := float64(n) + 0.9*float64(more)
				if isBelow(rate*less, less, limit, Enough) || isAbove(rate*less, less, limit, Enough) {
					t.Errorf("%d of %d against %v: fewer than %d more decide", bad, n, limit, more)
				}
			}
		}
	}
}
