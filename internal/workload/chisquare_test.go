package workload

import (
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// chiSquare fails when counts this far from the shares come up less than once
// in ten thousand tries. Seeds are fixed, so a test fails always or never.
func chiSquare(t *testing.T, name string, counts, shares []float64) {
	t.Helper()
	n := total(counts)
	var statistic float64
	bins := 0
	for i, share := range shares {
		expected := n * share
		if expected == 0 {
			if counts[i] > 0 {
				t.Errorf("%s: bin %d has %v, but no share", name, i, counts[i])
			}
			continue
		}
		statistic += (counts[i] - expected) * (counts[i] - expected) / expected
		bins++
	}
	if bins < 2 {
		return
	}
	if p := (distuv.ChiSquared{K: float64(bins - 1)}).Survival(statistic); p < 1e-4 {
		t.Errorf("%s with %d bins: χ² = %.1f, p = %.2g", name, bins, statistic, p)
	}
}
