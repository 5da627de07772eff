package measure

import (
	"encoding/json"
	"fmt"
	"math/bits"

	"github.com/occbench/occbench/internal/stats"
)

// The buckets of a Histogram: 16 to each doubling, so that a bucket is at most
// 6 % wide, from 16 µs to 18 min.
const (
	perOctave = 16
	finest    = 14 // log2 of the ns below which all is one bucket
	octaves   = 26
	buckets   = octaves * perOctave
)

// Histogram counts latencies in buckets whose width grows with the latency. The
// zero Histogram is empty and ready.
type Histogram struct {
	counts [buckets]uint32
	never  int // updates without an answer
	n      int
}

func (h *Histogram) add(ns int64) {
	h.n++
	if ns == stats.Never {
		h.never++
		return
	}
	h.counts[bucketIndex(ns)]++
}

func (h *Histogram) merge(other *Histogram) {
	for i, c := range other.counts {
		h.counts[i] += c
	}
	h.never += other.never
	h.n += other.n
}

// bucketIndex returns the index of a latency; what is outside the range is in the
// first or last bucket.
func bucketIndex(ns int64) int {
	if ns < 1<<finest {
		return 0
	}
	exponent := bits.Len64(uint64(ns)) - 1
	if exponent >= finest+octaves {
		return buckets - 1
	}
	return (exponent-finest)*perOctave + int(ns>>(exponent-4))&(perOctave-1)
}

// bucketStart returns where bucket i begins, in ms.
func bucketStart(i int) float64 {
	return toMilliseconds((perOctave + int64(i%perOctave)) << (finest - 4 + i/perOctave))
}

// Len returns the number of latencies, those that never came included.
func (h *Histogram) Len() int { return h.n }

// CountNever returns how many never came.
func (h *Histogram) CountNever() int { return h.never }

// Quantile returns the latency in ms within which the share q is answered, to
// the upper edge of its bucket; nil when there is none or when it falls among
// the updates without an answer.
func (h *Histogram) Quantile(q float64) *float64 {
	rank, seen := stats.Rank(h.n, q), 0
	if h.n == 0 {
		return nil
	}
	for i, c := range h.counts {
		if seen += int(c); seen >= rank {
			ms := bucketStart(i + 1)
			return &ms
		}
	}
	return nil
}

// Step is one bucket of a histogram that is not empty.
type Step struct {
	FromMS, ToMS float64
	Count        int
}

// Steps returns the buckets that are not empty, ascending, merged by so many to
// a doubling: 1, 2, 4, 8 or 16.
func (h *Histogram) Steps(doubling int) []Step {
	per := perOctave / doubling
	var steps []Step
	for i := 0; i < buckets; i += per {
		n := 0
		for _, c := range h.counts[i : i+per] {
			n += int(c)
		}
		if n > 0 {
			steps = append(steps, Step{bucketStart(i), bucketStart(i + per), n})
		}
	}
	return steps
}

// histogramText is a histogram as JSON: only the buckets that are not empty.
type histogramText struct {
	Never  int         `json:"never,omitempty"`
	Counts [][2]uint32 `json:"counts,omitempty"` // bucket and count
}

// MarshalJSON is the inverse of UnmarshalJSON.
func (h Histogram) MarshalJSON() ([]byte, error) {
	text := histogramText{Never: h.never}
	for i, c := range h.counts {
		if c > 0 {
			text.Counts = append(text.Counts, [2]uint32{uint32(i), c})
		}
	}
	return json.Marshal(text)
}

// UnmarshalJSON refuses buckets that a histogram does not have.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var text histogramText
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*h = Histogram{never: text.Never, n: text.Never}
	for _, c := range text.Counts {
		if c[0] >= buckets {
			return fmt.Errorf("a histogram has no bucket %d", c[0])
		}
		h.counts[c[0]] += c[1]
		h.n += int(c[1])
	}
	return nil
}
