package stats

import (
	"math"
	"math/bits"
	"slices"
)

// Never is the value of a sample that never came: an update without an answer is
// slower than everything.
const Never = math.MaxInt64

// chunk is how many values are allocated at once. Growing by chunks never
// copies, so ten million values cost forty megabytes and not twice that.
const chunk = 1 << 13

// Sample collects values in 4 bytes each, or 8 where they need more (4.3 s in ns),
// and answers order statistics exactly. The zero Sample is empty and ready.
type Sample struct {
	chunks [][]uint32
	last   []uint32
	wide   []int64 // the values that do not fit
	never  int
	n      int
}

// Add adds a value; Never is counted and needs no memory.
func (s *Sample) Add(v int64) {
	s.n++
	if uint64(v) > math.MaxUint32 {
		s.addWide(v)
		return
	}
	if len(s.last) == cap(s.last) {
		s.grow()
	}
	s.last = append(s.last, uint32(v))
}

func (s *Sample) addWide(v int64) {
	if v == Never {
		s.never++
		return
	}
	s.wide = append(s.wide, v)
}

func (s *Sample) grow() {
	if len(s.last) > 0 {
		s.chunks = append(s.chunks, s.last)
	}
	size := chunk
	if s.last == nil {
		size = 64 // an outcome that hardly happens needs no 32 KiB
	}
	s.last = make([]uint32, 0, size)
}

// Len returns the number of values, those that never came included.
func (s *Sample) Len() int { return s.n }

// CountNever returns how many latencies are those of unanswered calls.
func (s *Sample) CountNever() int { return s.never }

// listChunks returns the values that are stored in 4 bytes, in parts.
func (s *Sample) listChunks() [][]uint32 {
	return append(s.chunks[:len(s.chunks):len(s.chunks)], s.last)
}

// OrderStatistics returns the values of the given ranks, from 1, in the samples
// taken together; a rank outside them, like one among the values that never
// came, is Never.
//
// It counts into buckets of 0.4 % width and sorts only the buckets that a rank
// falls into: two passes over the values instead of sorting them all.
func OrderStatistics(ranks []int, samples ...*Sample) []int64 {
	var counts [buckets]int
	for _, s := range samples {
		for _, part := range s.listChunks() {
			for _, v := range part {
				counts[findBucket(int64(v))]++
			}
		}
		for _, v := range s.wide {
			counts[findBucket(v)]++
		}
	}
	wanted := locateRanks(ranks, &counts)
	values := collectBuckets(wanted, samples)
	found := make([]int64, len(ranks))
	for i, w := range wanted {
		found[i] = Never
		if w.bucket >= 0 {
			found[i] = values[w.bucket][w.offset]
		}
	}
	return found
}

// place is where a rank lies: a bucket, and an offset into its sorted values.
type place struct{ bucket, offset int }

func locateRanks(ranks []int, counts *[buckets]int) []place {
	places := make([]place, len(ranks))
	for i, rank := range ranks {
		places[i] = place{bucket: -1}
		below := 0
		for b, n := range counts {
			if rank > below && rank <= below+n {
				places[i] = place{b, rank - below - 1}
				break
			}
			below += n
		}
	}
	return places
}

// collectBuckets returns the sorted values of the buckets that are wanted.
func collectBuckets(wanted []place, samples []*Sample) map[int][]int64 {
	var slot [buckets]int16 // 1 + index into kept; 0: not wanted
	var kept [][]int64
	for _, w := range wanted {
		if w.bucket >= 0 && slot[w.bucket] == 0 {
			kept = append(kept, nil)
			slot[w.bucket] = int16(len(kept))
		}
	}
	for _, s := range samples {
		for _, part := range s.listChunks() {
			for _, v := range part {
				if k := slot[findBucket(int64(v))]; k > 0 {
					kept[k-1] = append(kept[k-1], int64(v))
				}
			}
		}
		for _, v := range s.wide {
			if k := slot[findBucket(v)]; k > 0 {
				kept[k-1] = append(kept[k-1], v)
			}
		}
	}
	sorted := make(map[int][]int64, len(kept))
	for _, w := range wanted {
		if w.bucket >= 0 && sorted[w.bucket] == nil {
			values := kept[slot[w.bucket]-1]
			slices.Sort(values)
			sorted[w.bucket] = values
		}
	}
	return sorted
}

// mantissa is the number of bits, the leading one included, that tell the
// buckets of one power of two apart.
const mantissa = 9

// buckets is one more than the bucket of the largest int64.
const buckets = (63-mantissa)<<(mantissa-1) + 1<<mantissa

// findBucket returns the bucket of a value. Buckets ascend with the values:
// small values have one each, larger ones share it by exponent and leading
// bits. All negative values share the first.
func findBucket(v int64) int {
	if v < 1<<mantissa {
		return int(max(v, 0))
	}
	exponent := bits.Len64(uint64(v)) - mantissa
	return exponent<<(mantissa-1) + int(v>>exponent)
}
