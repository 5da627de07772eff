package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOrderStatisticsAgainstSorting(t *testing.T) {
	draws := map[string]func(*rand.Rand) int64{
		"wide":      func(r *rand.Rand) int64 { return r.Int64N(math.MaxInt64) },
		"small":     func(r *rand.Rand) int64 { return r.Int64N(3) },
		"lognormal": func(r *rand.Rand) int64 { return int64(5e6 * math.Exp(r.NormFloat64())) },
		"constant":  func(*rand.Rand) int64 { return 42_000_000 },
		"negative":  func(r *rand.Rand) int64 { return r.Int64N(1000) - 500 },
		"edges":     func(r *rand.Rand) int64 { return 1<<r.IntN(63) - r.Int64N(2) },
	}
	for name, draw := range draws {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			for _, n := range []int{1, 2, 63, 65, 20_000} {
				samples := []*Sample{{}, {}, {}}
				var all []int64
				for range n {
					v := draw(r)
					samples[r.IntN(3)].Add(v)
					all = append(all, v)
				}
				slices.Sort(all)
				ranks := []int{1, n, Rank(n, 0.5), Rank(n, 0.95), Rank(n, 0.99), 1}
				var want []int64
				for _, rank := range ranks {
					want = append(want, all[rank-1])
				}
				if diff := cmp.Diff(want, OrderStatistics(ranks, samples...)); diff != "" {
					t.Errorf("n=%d (-want +got)\n%s", n, diff)
				}
			}
		})
	}
}

func TestNeverIsSlowerThanEverything(t *testing.T) {
	var s Sample
	for _, v := range []int64{30, Never, 10, 20, Never} {
		s.Add(v)
	}
	if s.Len() != 5 || s.CountNever() != 2 {
		t.Errorf("%d values, %d never; want 5, 2", s.Len(), s.CountNever())
	}
	want := []int64{10, 30, Never, Never, Never, Never}
	if diff := cmp.Diff(want, OrderStatistics([]int{1, 3, 4, 5, 0, 6}, &s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEmptySample(t *testing.T) {
	if got := OrderStatistics([]int{1}, &Sample{}); got[0] != Never {
		t.Errorf("rank 1 of nothing is %d", got[0])
	}
	if got := OrderStatistics(nil); len(got) != 0 {
		t.Errorf("no ranks give %v", got)
	}
}

func TestBucketsAscend(t *testing.T) {
	last := findBucket(math.MinInt64)
	for shift := 2; shift < 63; shift++ {
		for _, v := range []int64{1<<shift - 1, 1 << shift, 1<<shift + 1} {
			b := findBucket(v)
			if b < last || b >= buckets {
				t.Fatalf("bucket(%d) = %d after %d", v, b, last)
			}
			last = b
		}
	}
	if b := findBucket(math.MaxInt64); b != buckets-1 {
		t.Errorf("the largest value is in bucket %d of %d", b, buckets)
	}
}
