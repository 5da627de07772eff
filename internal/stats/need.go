package stats

import (
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// affordable is the number of samples beyond which a gate counts as not
// decidable: at 1,000 updates a second they take close to three hours.
const affordable = 10_000_000

// MinSamples returns the smallest n at which bad hits prove a rate below the
// limit (ratio 0–1), RateUpper(bad, n) < limit. There is none (ok is false) for
// a limit that no affordable number of samples proves.
func MinSamples(bad int, limit, confidence float64) (n int, ok bool) {
	if bad < 0 || !isUsable(confidence) {
		return 0, false
	}
	return findFirstDecided(bad+1, func(n int) bool {
		return isBelow(float64(bad), float64(n), limit, confidence)
	})
}

// MoreForRate returns how many more samples decide whether a rate is below or
// above the limit (ratio 0–1), should the estimate bad/n stay as it is; with
// n = 0 the estimate is taken for 0. It is 0 when the samples at hand decide.
//
// The count of hits grows as bad/n·m, which is no integer: the bounds are the
// beta quantiles of RateUpper and RateLower at that real number, so the answer
// does not jump with the next single hit. It is a forecast, not a promise.
//
// There is none (ok is false) when the estimate lies on the limit or so near
// that no affordable number of samples tells them apart.
func MoreForRate(bad, n int, limit, confidence float64) (more int, ok bool) {
	if n < 0 || bad < 0 || bad > n || !isUsable(confidence) {
		return 0, false
	}
	rate := 0.0
	if n > 0 {
		rate = float64(bad) / float64(n)
	}
	total, ok := findFirstDecided(max(n, 1), func(m int) bool {
		k, m64 := rate*float64(m), float64(m)
		return isBelow(k, m64, limit, confidence) || isAbove(k, m64, limit, confidence)
	})
	return total - n, ok
}

// isBelow reports whether RateUpper < limit, for a real number k of hits.
func isBelow(k, n, limit, confidence float64) bool {
	if limit <= 0 || k >= n {
		return false
	}
	return limit >= 1 || mathext.RegIncBeta(k+1, n-k, limit) > confidence
}

// isAbove reports whether RateLower > limit, for a real number k of hits.
func isAbove(k, n, limit, confidence float64) bool {
	if limit >= 1 || k <= 0 {
		return false
	}
	return limit <= 0 || mathext.RegIncBeta(k, n-k+1, limit) < 1-confidence
}

// findFirstDecided returns the smallest n ≥ from for which decided is true. It
// must stay true for all larger n, as it does while the estimate stays the
// same.
func findFirstDecided(from int, decided func(n int) bool) (n int, ok bool) {
	low, high := from, from
	for !decided(high) {
		if high >= affordable {
			return high, false
		}
		low, high = high, min(2*high, affordable)
	}
	return low + sort.Search(high-low, func(i int) bool { return decided(low + i) }), true
}
