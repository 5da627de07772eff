package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// tie absorbs rounding where a rank holds the confidence exactly, as the only
// sample of one does for the lower bound of a p95 at 95 %.
const tie = 1e-12

// Rank returns the rank, from 1, of the sample that estimates the q-quantile of
// n: the smallest sample that at least the share q does not exceed. It is 0
// when n is 0.
func Rank(n int, q float64) int {
	if n <= 0 {
		return 0
	}
	return min(max(int(math.Ceil(q*float64(n)-tie*float64(n))), 1), n)
}

// UpperRank returns the rank, from 1, of the sample that is a one-sided upper
// bound of the q-quantile: the smallest r with
//
//	P(X₍ᵣ₎ ≥ quantile) ≥ P(Bin(n, q) ≤ r−1) ≥ confidence
//
// whatever the distribution of X. There is none (ok is false) as long as even
// the slowest sample may lie below the quantile: q^n > 1 − confidence, for a
// p95 at 95 % below 59 samples.
//
// H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1.
func UpperRank(n int, q, confidence float64) (rank int, ok bool) {
	if n <= 0 || !isUsable(confidence) {
		return 0, false
	}
	rank = 1 + sort.Search(n, func(i int) bool {
		return binomialCDF(i, n, q) >= confidence-tie
	})
	return rank, rank <= n
}

// LowerRank returns the rank, from 1, of the sample that is a one-sided lower
// bound of the q-quantile: the largest r with
//
//	P(X₍ᵣ₎ ≤ quantile) ≥ P(Bin(n, q) ≥ r) ≥ confidence
//
// There is none (ok is false) when even the fastest sample may lie above.
func LowerRank(n int, q, confidence float64) (rank int, ok bool) {
	if n <= 0 || !isUsable(confidence) {
		return 0, false
	}
	rank = sort.Search(n, func(i int) bool {
		return binomialCDF(i, n, q) > 1-confidence+tie
	})
	return rank, rank > 0
}

// binomialCDF is P(Bin(n, p) ≤ k) for 0 ≤ k ≤ n, 0 < p < 1, through the
// regularised incomplete beta function (NIST DLMF 8.17.5).
func binomialCDF(k, n int, p float64) float64 {
	if k >= n {
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k)+1, 1-p)
}
