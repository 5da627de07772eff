package stats

import (
	"math/rand/v2"
	"slices"
)

// Cluster is a count of samples that may depend on each other, and of the hits among them.
type Cluster struct{ N, Hits int }

// A bootstrap needs clusters enough to draw from, and draws enough to have tails.
const (
	leastClusters = 10
	mostDraws     = 20_000_000 // of clusters, in all resamples together
)

// Bootstrap returns bounds of a rate (ratio 0–1), each one-sided, whose samples depend on each other within clusters:
// whole clusters are drawn with replacement (B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, §8.5–8.6;
// percentile bounds). It is not ok with fewer than 10 clusters, and where no sample or every one is a hit: whatever is
// drawn is the same then.
func Bootstrap(clusters []Cluster, confidence float64, seed uint64) (lower, upper float64, ok bool) {
	var all Cluster
	drawn := slices.DeleteFunc(slices.Clone(clusters), func(c Cluster) bool { return c.N == 0 })
	for _, c := range drawn {
		all.N, all.Hits = all.N+c.N, all.Hits+c.Hits
	}
	if len(drawn) < leastClusters || all.Hits == 0 || all.Hits == all.N {
		return 0, 0, false
	}
	r := rand.New(rand.NewPCG(seed, 0x626f6f74))
	rates := make([]float64, max(200, min(2000, mostDraws/len(drawn))))
	for i := range rates {
		var sum Cluster
		for range drawn {
			c := drawn[r.IntN(len(drawn))]
			sum.N, sum.Hits = sum.N+c.N, sum.Hits+c.Hits
		}
		rates[i] = float64(sum.Hits) / float64(sum.N)
	}
	slices.Sort(rates)
	out := int((1 - confidence) * float64(len(rates)))
	return rates[out], rates[len(rates)-1-out], true
}
