package plan

import (
	"sort"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/stats"
)

// Load is the load of a run, and the limits that its gates hold it to.
type Load struct {
	predict.Parameters
	Limits Limits
}

// Limits are the limits of the gates that a run's contention decides about. A
// limit of 0 switches its gate off.
type Limits struct {
	Conflict   float64 // conflict rate, 0–1
	Error      float64 // error rate, 0–1
	P95        bool    // whether the p95 is gated; how fast the target is, contention does not tell
	Recovery   bool    // whether recovered conflicts are gated
	Confidence float64 // one-sided, 0–1; 0 means 0.95
	Anytime    bool    // the bounds hold at every look, which takes more attempts
}

func (l Limits) confidence() float64 {
	if l.Confidence == 0 {
		return stats.Enough
	}
	return l.Confidence
}

// countCleanSamples returns how many samples without a hit prove that a rate
// is below the limit.
func (l Limits) countCleanSamples(limit float64) int {
	var n int
	if l.Anytime {
		n, _ = stats.MoreForAnytime(0, 0, limit, l.confidence())
	} else {
		n, _ = stats.MinSamples(0, limit, l.confidence())
	}
	return n
}

// proves reports whether so many hits of n prove a conflict rate below its
// limit.
func (l Limits) proves(hits, n int) bool {
	if l.Anytime {
		return stats.AnytimeBelow(hits, n, l.Conflict, l.confidence())
	}
	return stats.RateUpper(hits, n, l.confidence()) < l.Conflict
}

// passProbability returns the probability that n attempts with a conflict rate
// prove that it is below the limit.
func (l Limits) passProbability(n int, rate float64) float64 {
	// The first count of conflicts that is too many.
	many := sort.Search(n, func(bad int) bool { return !l.proves(bad, n) })
	switch {
	case many == 0:
		return 0
	case rate <= 0:
		return 1
	}
	return distuv.Binomial{N: float64(n), P: rate}.CDF(float64(many - 1))
}

// countSamplesFor returns the smallest number of attempts with which passing
// is likely.
func (l Limits) countSamplesFor(rate float64) (n int, ok bool) {
	const affordable = 1 << 24
	n = sort.Search(affordable, func(n int) bool { return l.passProbability(n, rate) >= likely })
	if n == affordable {
		return 0, false
	}
	return n, true
}
