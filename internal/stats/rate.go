package stats

import "gonum.org/v1/gonum/mathext"

// RateUpper returns the exact one-sided upper bound of a rate (ratio 0–1) of
// which bad out of n were seen: the largest rate at which seeing so few still
// has a chance of 1−confidence.
//
//	P(Bin(n, upper) ≤ bad) = 1 − confidence
//	upper = the confidence quantile of Beta(bad+1, n−bad)
//
// C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits
// illustrated in the case of the binomial, Biometrika 26 (1934) 404–413.
//
// It is 1 when the samples say nothing: n = 0, bad = n, or counts or a
// confidence that cannot be.
func RateUpper(bad, n int, confidence float64) float64 {
	return rateUpper(float64(bad), float64(n), confidence)
}

// rateUpper is RateUpper for real numbers.
func rateUpper(bad, n, confidence float64) float64 {
	if n <= 0 || bad < 0 || bad >= n || !isUsable(confidence) {
		return 1
	}
	return mathext.InvRegIncBeta(bad+1, n-bad, confidence)
}

// RateLower returns the exact one-sided lower bound of a rate, the mirror of
// RateUpper:
//
//	P(Bin(n, lower) ≥ bad) = 1 − confidence
//	lower = the (1−confidence) quantile of Beta(bad, n−bad+1)
//
// It is 0 when the samples say nothing.
func RateLower(bad, n int, confidence float64) float64 {
	return rateLower(float64(bad), float64(n), confidence)
}

// rateLower is RateLower for real numbers.
func rateLower(bad, n, confidence float64) float64 {
	if n <= 0 || bad <= 0 || bad > n || !isUsable(confidence) {
		return 0
	}
	return mathext.InvRegIncBeta(bad, n-bad+1, 1-confidence)
}
