package stats

import "gonum.org/v1/gonum/stat/distuv"

// FunnelLimit returns the share of hits among n that a share p stays below with the
// probability q: a quantile of the binomial, divided by n and made continuous.
//
// D. J. Spiegelhalter, Funnel plots for comparing institutional performance,
// Statistics in Medicine 24 (2005) 1185–1202, appendix A.1.1.
func FunnelLimit(n int, p, q float64) float64 {
	if n <= 0 || p <= 0 {
		return 0
	}
	if p >= 1 {
		return 1
	}
	d := distuv.Binomial{N: float64(n), P: p}
	low, high := -1, n // the quantile is above low and at most high
	for high-low > 1 {
		if middle := low + (high-low)/2; d.CDF(float64(middle)) >= q {
			high = middle
		} else {
			low = middle
		}
	}
	below := 0.0
	if high > 0 {
		below = d.CDF(float64(high - 1))
	}
	over := (d.CDF(float64(high)) - q) / (d.CDF(float64(high)) - below)
	return min(max((float64(high)-over)/float64(n), 0), 1)
}
