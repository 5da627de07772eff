package measure

import "github.com/occbench/occbench/internal/stats"

// latency summarises samples in nanoseconds.
func latency(samples ...*stats.Sample) Latency {
	l, ns := quantiles(samples, 0.50, 0.90, P95, 0.99, 1)
	l.P50MS, l.P90MS, l.P95MS, l.P99MS, l.MaxMS = finite(ns[0]), finite(ns[1]), finite(ns[2]), finite(ns[3]), finite(ns[4])
	return l
}

func quantiles(samples []*stats.Sample, qs ...float64) (Latency, []int64) {
	var l Latency
	for _, s := range samples {
		l.Count += s.Len()
		l.Unanswered += s.Never()
	}
	ranks := make([]int, len(qs))
	for i, q := range qs {
		ranks[i] = stats.Rank(l.Count, q)
	}
	return l, stats.OrderStatistics(ranks, samples...)
}

// bounds returns the samples that bound the p95.
func bounds(samples []*stats.Sample, of stats.Share, confidence float64) (lower, upper *float64) {
	low, _ := of.LowerRank(P95, confidence)
	high, _ := of.UpperRank(P95, confidence)
	ns := stats.OrderStatistics([]int{low, high}, samples...)
	return finite(ns[0]), finite(ns[1])
}

// Share returns the attempts that took as long as the limit or longer, for bounds.
func (l P95Latency) Share() stats.Share {
	return stats.Share{Hits: l.Slow, N: l.Count, Effect: l.Effect, Anytime: l.Anytime}
}

// LowerRank returns the rank of the latency that bounds the p95 from below; there
// may be none.
func (l P95Latency) LowerRank() (rank int, ok bool) { return l.Share().LowerRank(P95, l.Confidence) }

// finite turns nanoseconds into milliseconds, and what never came into nil.
func finite(ns int64) *float64 {
	if ns == stats.Never {
		return nil
	}
	ms := milliseconds(ns)
	return &ms
}
