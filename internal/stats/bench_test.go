package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func BenchmarkRateUpper(b *testing.B) {
	for _, n := range []int{100, 10_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				RateUpper(n/20, n, Enough)
			}
		})
	}
}

func BenchmarkUpperRank(b *testing.B) {
	for b.Loop() {
		UpperRank(5_000_000, 0.95, Enough)
	}
}

func BenchmarkMoreForRate(b *testing.B) {
	for b.Loop() {
		MoreForRate(9, 1000, 0.01, Enough)
	}
}

// One call over five million latencies, the ranks of a report.
func BenchmarkOrderStatistics(b *testing.B) {
	const n = 5_000_000
	var s Sample
	r := rand.New(rand.NewPCG(1, 1))
	for range n {
		s.Add(int64(5e6 * math.Exp(r.NormFloat64())))
	}
	ranks := []int{Rank(n, 0.5), Rank(n, 0.9), Rank(n, 0.95), Rank(n, 0.99), n}
	for b.Loop() {
		OrderStatistics(ranks, &s)
	}
}
