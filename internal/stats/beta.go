package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// BetaQuantile returns the x with I_x(a, b) = p for p up to one half.
//
// mathext.InvRegIncBeta finds it fast and, for p of 1e-6 and less, now and then
// something else (a = 1e5, b = 1, p = 2.5e-10 gives 0.94 instead of 0.9998), so
// what it finds is tried, and searched for by halving where it is wrong.
func BetaQuantile(a, b, p float64) float64 {
	if x := mathext.InvRegIncBeta(a, b, p); x > 0 && x < 1 && math.Abs(mathext.RegIncBeta(a, b, x)-p) < 1e-9*p {
		return x
	}
	// Odds on a logarithmic scale reach bounds that are near 0 or near 1.
	low, high := -100.0, 100.0
	for range 80 {
		if middle := (low + high) / 2; mathext.RegIncBeta(a, b, logistic(middle)) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return logistic((low + high) / 2)
}

func logistic(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }
