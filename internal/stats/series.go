package stats

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
)

// mostKept is how many values of a series are kept, in 8 bytes each. Up to there
// every number is exact.
const mostKept = 1 << 21

// Series keeps values in the order in which they came. Beyond its limit, of some
// two million, it thins itself: of every two, then four, then eight consecutive ones,
// one is kept, drawn at random. So what is left is spread evenly over the run,
// and a pause of the server keeps its share.
//
// The zero Series is empty and ready.
type Series struct {
	Limit int // of kept values; 0: some two million

	kept   []int64
	stride int // values that one kept value stands for, a power of two
	cell   int // how many values of the current stride have come
	pick   int // which of the current stride is kept
	drawn  int64
	n      int
	r      *rand.Rand
}

// Add takes the next value; Never is one that never came.
func (s *Series) Add(v int64) {
	if s.r == nil {
		s.r, s.stride = rand.New(rand.NewPCG(1, 1)), 1
		if s.Limit == 0 {
			s.Limit = mostKept
		}
	}
	s.n++
	if s.cell == 0 {
		s.pick = s.r.IntN(s.stride)
	}
	if s.cell == s.pick {
		s.drawn = v
	}
	if s.cell++; s.cell < s.stride {
		return
	}
	s.cell = 0
	s.kept = append(s.kept, s.drawn)
	if len(s.kept) == s.Limit {
		s.thin()
	}
}

// Len returns how many values came, those that were not kept included.
func (s *Series) Len() int { return s.n }

// Kept returns the kept values in the order in which they came. They stay the
// series' own.
func (s *Series) Kept() []int64 { return s.kept }

// Stride returns how many values one kept value stands for; 1: every value was
// kept.
func (s *Series) Stride() int { return max(s.stride, 1) }

// thin keeps one of every two neighbours.
func (s *Series) thin() {
	half := s.kept[:0]
	for i := 0; i+1 < len(s.kept); i += 2 {
		half = append(half, s.kept[i+s.r.IntN(2)])
	}
	s.kept = half
	s.stride *= 2
}

// Sorted returns the kept values in ascending order; those that never came are
// last.
func (s *Series) Sorted() []int64 {
	c := slices.Clone(s.kept)
	slices.Sort(c)
	return c
}

// seriesText is a series as JSON. Values are differences from the one before as
// varints, in base64.
type seriesText struct {
	N      int    `json:"n"`
	Stride int    `json:"stride"`
	Values []byte `json:"values"`
}

// MarshalJSON writes what is kept. A series that is read takes no more values in.
func (s Series) MarshalJSON() ([]byte, error) {
	text := seriesText{N: s.n, Stride: s.Stride()}
	last := int64(0)
	for _, v := range s.kept {
		text.Values = binary.AppendVarint(text.Values, v-last)
		last = v
	}
	return json.Marshal(text)
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (s *Series) UnmarshalJSON(data []byte) error {
	var text seriesText
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*s = Series{n: text.N, stride: text.Stride}
	last := int64(0)
	for rest := text.Values; len(rest) > 0; {
		d, size := binary.Varint(rest)
		if size <= 0 {
			return errors.New("the values of a series are cut off")
		}
		last += d
		s.kept, rest = append(s.kept, last), rest[size:]
	}
	return nil
}
