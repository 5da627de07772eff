package k6run

import (
	"fmt"
	"math/bits"
	"time"
)

// spread counts durations in buckets that are 1/16 of a power of two wide: a
// progress line needs no more than 6 % of precision, and no memory that grows
// with the run. The report computes its quantiles from the history.
type spread struct {
	buckets [64 * perOctave]int64
	endless int64 // without an answer: slower than everything
	n       int64
}

const perOctave = 16

func (s *spread) add(ns int64) {
	s.buckets[bucket(ns)]++
	s.n++
}

func (s *spread) addEndless() {
	s.endless++
	s.n++
}

func bucket(ns int64) int {
	if ns < perOctave {
		return int(max(ns, 0))
	}
	shift := bits.Len64(uint64(ns)) - 5 // leaves the leading bit and four more
	return (shift+1)*perOctave + int(ns>>shift) - perOctave
}

// ceiling is the least duration that lies above a bucket.
func ceiling(bucket int) time.Duration {
	if bucket < perOctave {
		return time.Duration(bucket + 1)
	}
	shift := bucket/perOctave - 1
	return time.Duration(int64(bucket%perOctave+perOctave+1) << shift)
}

// p95 is the bucket's upper end at the rank ⌈0.95 n⌉, in words.
func (s *spread) p95() string {
	rank := (s.n*95 + 99) / 100
	for b, n := range s.buckets {
		if rank -= n; rank <= 0 {
			return milliseconds(ceiling(b))
		}
	}
	return "without an answer"
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
