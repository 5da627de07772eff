package measure

import "github.com/occbench/occbench/internal/stats"

// summarizeLatency returns the quantiles of samples in nanoseconds.
func summarizeLatency(samples ...*stats.Sample) Latency {
	l, ns := computeQuantiles(samples, 0.50, 0.90, P95, 0.99, 1)
	l.P50MS, l.P90MS, l.P95MS, l.P99MS, l.MaxMS = finiteMS(ns[0]), finiteMS(ns[1]), finiteMS(ns[2]), finiteMS(ns[3]), finiteMS(ns[4])
	return l
}

func computeQuantiles(samples []*stats.Sample, qs ...float64) (Latency, []int64) {
	var l Latency
	for _, s := range samples {
		l.Count += s.Len()
		l.Unanswered += s.CountNever()
	}
	ranks := make([]int, len(qs))
	for i, q := range qs {
		ranks[i] = stats.Rank(l.Count, q)
	}
	return l, stats.OrderStatistics(ranks, samples...)
}

// boundP95 returns the lower and the upper bound of the p95 at a confidence, in ms; nil: none.
func boundP95(samples []*stats.Sample, of stats.Share, confidence float64) (lower, upper *float64) {
	low, _ := of.LowerRank(P95, confidence)
	high, _ := of.UpperRank(P95, confidence)
	ns := stats.OrderStatistics([]int{low, high}, samples...)
	return finiteMS(ns[0]), finiteMS(ns[1])
}

// Share returns the attempts that took as long as the limit or longer, for bounds.
func (l P95Latency) Share() stats.Share {
	return stats.Share{Hits: l.Slow, N: l.Count, Effect: l.Effect, Anytime: l.Anytime}
}

// LowerRank returns the rank of the latency that bounds the p95 from below; there
// may be none.
func (l P95Latency) LowerRank() (rank int, ok bool) { return l.Share().LowerRank(P95, l.Confidence) }

// finiteMS returns nanoseconds in milliseconds; nil for stats.Never.
func finiteMS(ns int64) *float64 {
	if ns == stats.Never {
		return nil
	}
	ms := toMilliseconds(ns)
	return &ms
}
