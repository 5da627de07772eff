package compare

import (
	"math/rand/v2"
	"slices"

	"github.com/occbench/occbench/internal/stats"
)

// mostKept is how many latencies of one class are kept, in 8 bytes each. Up to
// there every number is exact.
const mostKept = 1 << 21

// series keeps latencies in the order in which they came, in ns. Beyond its
// limit it thins itself: of every two, then four, then eight consecutive ones,
// one is kept, drawn at random. So what is left is spread evenly over the run,
// and a pause of the server keeps its share.
type series struct {
	kept   []int64
	limit  int // 0: mostKept
	stride int // values that one kept value stands for, a power of two
	cell   int // how many values of the current stride have come
	drawn  int64
	n      int
	r      *rand.Rand
}

// add takes the next latency; stats.Never is one that never came.
func (s *series) add(ns int64) {
	if s.r == nil {
		s.r, s.stride = rand.New(rand.NewPCG(1, 1)), 1
		if s.limit == 0 {
			s.limit = mostKept
		}
	}
	s.n++
	s.cell++
	if s.cell == 1 || s.r.IntN(s.cell) == 0 {
		s.drawn = ns
	}
	if s.cell < s.stride {
		return
	}
	s.cell = 0
	s.kept = append(s.kept, s.drawn)
	if len(s.kept) == s.limit {
		s.thin()
	}
}

// thin keeps one of every two neighbours.
func (s *series) thin() {
	half := s.kept[:0]
	for i := 0; i+1 < len(s.kept); i += 2 {
		half = append(half, s.kept[i+s.r.IntN(2)])
	}
	s.kept = half
	s.stride *= 2
}

// exact reports whether every value was kept.
func (s *series) exact() bool { return s.stride <= 1 }

// sorted returns the kept values in ascending order; those that never came are
// last.
func (s *series) sorted() []int64 {
	c := slices.Clone(s.kept)
	slices.Sort(c)
	return c
}

// finite returns how many of sorted values came at all.
func finite(sorted []int64) int {
	n, _ := slices.BinarySearch(sorted, stats.Never)
	return n
}
