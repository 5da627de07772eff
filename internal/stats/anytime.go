package stats

import (
	"math"
	"sort"
)

// The bounds in this file hold at every look at once: a reader that looks each second
// and stops when a bound suits them is wrong with at most 1−confidence, however
// often they look. RateUpper and RateLower promise that for one look only.
//
// They are betting confidence sequences. To test whether a rate is at least m, a
// gambler bets on every sample at odds that are fair for m; a rate that is m or
// more makes them lose in the mean, so by Ville's inequality their capital ever
// reaches 1/α with probability α at most. Bounds are where they have. A constant
// bet on a 0/1 sample multiplies the capital by the likelihood ratio of another
// rate q to m; here capital is spread evenly over 16 of these, the odds of q
// being those of m divided by e^δ.
//
// H. Robbins, Statistical methods related to the law of the iterated logarithm,
// Ann. Math. Stat. 41 (1970) 1397–1409 (mixtures); S. Howard, A. Ramdas,
// J. McAuliffe, J. Sekhon, Time-uniform, nonparametric, nonasymptotic confidence
// sequences, Ann. Stat. 49 (2021) 1055–1080; I. Waudby-Smith, A. Ramdas,
// Estimating means of bounded random variables by betting, J. R. Stat. Soc. B 86
// (2024) 1–27. Samples need not be independent: it is enough that each, given
// all before it, has a mean on its side of m.

// bets are the distances δ between the odds of m and those bet on: near ones win
// on long runs with a rate close to m, far ones on short runs without a hit.
var bets = func() []float64 {
	const least, most, n = 0.1, 8, 16
	all := make([]float64, n)
	for i := range all {
		all[i] = least * math.Pow(most/least, float64(i)/(n-1))
	}
	return all
}()

// logWealth returns the logarithm of the capital after so many hits of n, bet
// on rates whose odds are those of m times e^(side·δ).
func logWealth(hits, n, m, side float64) float64 {
	odds := m / (1 - m)
	largest := math.Inf(-1)
	var terms [16]float64
	for i, delta := range bets {
		// log (q/m)^hits ((1−q)/(1−m))^(n−hits), with (1−q)/(1−m) = (1+o)/(1+o·e^±δ)
		terms[i] = side*delta*hits - n*(math.Log1p(odds*math.Exp(side*delta))-math.Log1p(odds))
		largest = max(largest, terms[i])
	}
	sum := 0.0
	for _, t := range terms[:len(bets)] {
		sum += math.Exp(t - largest)
	}
	return largest + math.Log(sum/float64(len(bets)))
}

// AnytimeBelow reports whether so many hits of n prove a rate below the limit,
// at whichever look.
func AnytimeBelow(bad, n int, limit, confidence float64) bool {
	return anytimeBelow(float64(bad), float64(n), limit, confidence)
}

// anytimeBelow is AnytimeBelow for real numbers.
func anytimeBelow(bad, n, limit, confidence float64) bool {
	switch {
	case n <= 0 || bad < 0 || bad > n || limit <= 0 || !isUsable(confidence):
		return false
	case limit >= 1:
		return bad < n
	}
	return logWealth(bad, n, limit, -1) >= -math.Log(1-confidence)
}

// AnytimeAbove reports whether so many hits of n prove a rate above the limit,
// at whichever look.
func AnytimeAbove(bad, n int, limit, confidence float64) bool {
	return anytimeAbove(float64(bad), float64(n), limit, confidence)
}

// anytimeAbove is AnytimeAbove for real numbers.
func anytimeAbove(bad, n, limit, confidence float64) bool {
	switch {
	case n <= 0 || bad < 0 || bad > n || limit >= 1 || !isUsable(confidence):
		return false
	case limit <= 0:
		return bad > 0
	}
	return logWealth(bad, n, limit, 1) >= -math.Log(1-confidence)
}

// anytimeUpper is RateUpper for every look at once.
func anytimeUpper(bad, n, confidence float64) float64 {
	if n <= 0 || bad < 0 || bad >= n || !isUsable(confidence) {
		return 1
	}
	return bisectRate(func(m float64) bool { return anytimeBelow(bad, n, m, confidence) })
}

// anytimeLower is RateLower for every look at once.
func anytimeLower(bad, n, confidence float64) float64 {
	if n <= 0 || bad <= 0 || bad > n || !isUsable(confidence) {
		return 0
	}
	return bisectRate(func(m float64) bool { return !anytimeAbove(bad, n, m, confidence) })
}

// bisectRate returns the rate at which a condition begins to hold.
func bisectRate(holds func(m float64) bool) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		if holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// AnytimeUpperRank is UpperRank for every look at once: the q-quantile lies
// below the sample of this rank unless the share of samples below the quantile,
// which is q at most, is proven to be larger.
func AnytimeUpperRank(n int, q, confidence float64) (rank int, ok bool) {
	rank = sort.Search(n+1, func(r int) bool { return AnytimeAbove(r, n, q, confidence) })
	return rank, rank >= 1 && rank <= n
}

// anytimeLowerRank is LowerRank for every look at once.
func anytimeLowerRank(n int, q, confidence float64) (rank int, ok bool) {
	// The first count of samples up to the quantile that is not too small.
	rank = sort.Search(n+1, func(r int) bool { return !AnytimeBelow(r, n, q, confidence) })
	return rank, rank >= 1 && rank <= n
}

// MoreForAnytime is MoreForRate for bounds that hold at every look.
func MoreForAnytime(bad, n int, limit, confidence float64) (more int, ok bool) {
	if n < 0 || bad < 0 || bad > n || !isUsable(confidence) {
		return 0, false
	}
	rate := 0.0
	if n > 0 {
		rate = float64(bad) / float64(n)
	}
	total, ok := findFirstDecided(max(n, 1), func(m int) bool {
		hits := int(math.Round(rate * float64(m)))
		return AnytimeBelow(hits, m, limit, confidence) || AnytimeAbove(hits, m, limit, confidence)
	})
	return total - n, ok
}
