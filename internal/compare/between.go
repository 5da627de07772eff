package compare

import (
	"math"

	"github.com/occbench/occbench/internal/stats"
)

// bounded is an estimate with its bounds at one level. An unknown upper bound,
// and a quantile that falls among updates without an answer, are +Inf.
type bounded struct{ estimate, lower, upper float64 }

// boundDifference returns the bounds of run − base from the bounds of both, at the
// level of both: the difference is as uncertain as the two are towards each
// other.
//
// R. G. Newcombe, Interval estimation for the difference between independent
// proportions, Statist. Med. 17 (1998) 873–890, method 10; for other estimates
// G. Y. Zou, A. Donner, Statist. Med. 27 (2008) 1693–1702. Newcombe takes
// Wilson's bounds; here they are exact, so that a single hit of a hundred
// against none of ten thousand is not called certain.
func boundDifference(base, run bounded) (lower, upper float64) {
	if math.IsInf(base.estimate, 1) || math.IsInf(run.estimate, 1) {
		return run.lower - base.upper, run.upper - base.lower
	}
	d := run.estimate - base.estimate
	return d - math.Hypot(run.estimate-run.lower, base.upper-base.estimate),
		d + math.Hypot(run.upper-run.estimate, base.estimate-base.lower)
}

// estimator gives an estimate with its bounds at a two-sided level alpha.
type estimator func(alpha float64) bounded

// estimateShare estimates the rate of hits among n with the bounds of Clopper and
// Pearson. Samples that hang together count as fewer: n/effect of them.
func estimateShare(hits, n int, effect float64) estimator {
	return func(alpha float64) bounded {
		k, m := float64(hits)/effect, float64(n)/effect
		b := bounded{float64(hits) / float64(n), 0, 1}
		if hits > 0 {
			b.lower = stats.BetaQuantile(k, m-k+1, alpha/2)
		}
		if hits < n {
			b.upper = 1 - stats.BetaQuantile(m-k, k+1, alpha/2)
		}
		return b
	}
}

// estimateQuantile estimates a quantile of ascending latencies, in ms, with the ranks
// that bound it whatever the distribution. Of samples that hang together, the
// ranks are those of n/effect.
func estimateQuantile(sorted []int64, q, effect float64) estimator {
	n := len(sorted)
	fewer := max(1, int(float64(n)/effect))
	at := func(rank int) float64 {
		// The rank of fewer samples stands for a share of them all.
		i := int(math.Ceil(float64(rank) * float64(n) / float64(fewer)))
		return toMilliseconds(sorted[min(max(i, 1), n)-1])
	}
	return func(alpha float64) bounded {
		b := bounded{toMilliseconds(sorted[stats.Rank(n, q)-1]), 0, math.Inf(1)}
		if r, ok := stats.LowerRank(fewer, q, 1-alpha/2); ok {
			b.lower = at(r)
		}
		if r, ok := stats.UpperRank(fewer, q, 1-alpha/2); ok {
			b.upper = at(r)
		}
		return b
	}
}

// toMilliseconds turns ns into ms, and what never came into +Inf.
func toMilliseconds(ns int64) float64 {
	if ns == stats.Never {
		return math.Inf(1)
	}
	return float64(ns) / 1e6
}

// isBeyondMargin reports whether the bounds of a difference lie wholly outside ±margin.
func isBeyondMargin(lower, upper, margin float64) bool { return lower > margin || upper < -margin }

// surest and halvings bound the search for a p-value: none smaller than the
// first is told apart.
const (
	surest   = 1e-12
	halvings = 25
)

// findPValue returns the smallest level at which the bounds of run − base lie
// beyond the margin, but at least surest. It is the p-value that belongs to
// the bounds.
func findPValue(base, run estimator, margin float64) float64 {
	rejects := func(alpha float64) bool {
		lower, upper := boundDifference(base(alpha), run(alpha))
		return isBeyondMargin(lower, upper, margin)
	}
	if !rejects(1 - 1e-9) {
		return 1
	}
	low, high := math.Log(surest), 0.0
	if rejects(surest) {
		return surest
	}
	for range halvings {
		if middle := (low + high) / 2; rejects(math.Exp(middle)) {
			high = middle
		} else {
			low = middle
		}
	}
	return math.Exp(high)
}
