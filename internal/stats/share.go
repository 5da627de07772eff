package stats

import (
	"math"
	"sort"
)

// Share is how often something was seen, and how much that tells. Its bounds are
// those of Hits/Effect hits among N/Effect independent samples; with an Effect of
// 1 they are the exact ones.
type Share struct {
	Hits, N int
	Effect  float64 // design effect, see Blocks; below 1 counts as 1
	Anytime bool    // the bounds hold at every look
}

func (s Share) effect() float64 { return max(s.Effect, 1) }

// Effective returns how many independent samples tell as much as the N at hand.
func (s Share) Effective() int { return int(math.Round(float64(s.N) / s.effect())) }

// Lower returns the one-sided lower bound of the rate.
func (s Share) Lower(confidence float64) float64 {
	if s.Anytime {
		return anytimeLower(float64(s.Hits)/s.effect(), float64(s.N)/s.effect(), confidence)
	}
	return rateLower(float64(s.Hits)/s.effect(), float64(s.N)/s.effect(), confidence)
}

// Upper returns the one-sided upper bound of the rate.
func (s Share) Upper(confidence float64) float64 {
	if s.Anytime {
		return anytimeUpper(float64(s.Hits)/s.effect(), float64(s.N)/s.effect(), confidence)
	}
	return rateUpper(float64(s.Hits)/s.effect(), float64(s.N)/s.effect(), confidence)
}

// MoreSamples returns how many more samples decide whether the rate is below
// or above a limit, if rate and effect stay the same; see MoreForRate.
func (s Share) MoreSamples(limit, confidence float64) (more int, ok bool) {
	e := s.effect()
	switch {
	case e == 1 && s.Anytime:
		return MoreForAnytime(s.Hits, s.N, limit, confidence)
	case e == 1:
		return MoreForRate(s.Hits, s.N, limit, confidence)
	case s.N <= 0 || s.Hits < 0 || s.Hits > s.N || !isUsable(confidence):
		return 0, false
	}
	decided := func(k, n float64) bool { return isBelow(k, n, limit, confidence) || isAbove(k, n, limit, confidence) }
	if s.Anytime {
		decided = func(k, n float64) bool {
			return anytimeBelow(k, n, limit, confidence) || anytimeAbove(k, n, limit, confidence)
		}
	}
	rate := float64(s.Hits) / float64(s.N)
	total, ok := findFirstDecided(s.N, func(m int) bool { return decided(rate*float64(m)/e, float64(m)/e) })
	return total - s.N, ok
}

// UpperRank returns the rank, from 1, of the sample that bounds the q-quantile of
// N samples from above; Hits are not used.
func (s Share) UpperRank(q, confidence float64) (rank int, ok bool) {
	e := s.effect()
	switch {
	case e == 1 && s.Anytime:
		return AnytimeUpperRank(s.N, q, confidence)
	case e == 1:
		return UpperRank(s.N, q, confidence)
	}
	// Fewer than 1−q lie above the sample of this rank.
	rank = 1 + sort.Search(max(s.N, 0), func(i int) bool {
		k, n := float64(s.N-i-1)/e, float64(s.N)/e
		if s.Anytime {
			return anytimeBelow(k, n, 1-q, confidence)
		}
		return rateUpper(k, n, confidence) < 1-q
	})
	return rank, rank <= s.N
}

// LowerRank returns the rank, from 1, of the sample that bounds the q-quantile of
// N samples from below; Hits are not used.
func (s Share) LowerRank(q, confidence float64) (rank int, ok bool) {
	e := s.effect()
	switch {
	case e == 1 && s.Anytime:
		return anytimeLowerRank(s.N, q, confidence)
	case e == 1:
		return LowerRank(s.N, q, confidence)
	}
	// More than 1−q lie at or above the sample of this rank.
	rank = sort.Search(max(s.N, 0), func(i int) bool {
		k, n := float64(s.N-i)/e, float64(s.N)/e
		if s.Anytime {
			return !anytimeAbove(k, n, 1-q, confidence)
		}
		return rateLower(k, n, confidence) <= 1-q
	})
	return rank, rank > 0
}
