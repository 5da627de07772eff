package validity

import "github.com/occbench/occbench/internal/stats"

// boundRate bounds the conflict rate when attempts on one record depend on each other; nil where stats.Bootstrap has no
// bounds.
func boundRate(records []tally, confidence float64, seed uint64) *Bounds {
	clusters := make([]stats.Cluster, len(records))
	for i, t := range records {
		clusters[i] = stats.Cluster{N: t.attempts, Hits: t.conflicts}
	}
	lower, upper, ok := stats.Bootstrap(clusters, confidence, seed)
	if !ok {
		return nil
	}
	return &Bounds{Lower: lower, Upper: upper}
}
