package stats

import (
	"math"
	"slices"
	"sort"
	"testing"
)

// A thinned series keeps its order and its distribution.
func TestSeriesThinsEvenly(t *testing.T) {
	s := &Series{Limit: 512}
	for i := range int64(100_000) {
		s.Add(i)
	}
	if s.n != 100_000 || s.Stride() == 1 || len(s.kept) < 256 || len(s.kept) >= 512 || !slices.IsSorted(s.kept) {
		t.Fatalf("%d kept of %d, stride %d", len(s.kept), s.n, s.stride)
	}
	for i, v := range s.kept {
		if cell := int64(i * s.stride); v < cell || v >= cell+int64(s.stride) {
			t.Fatalf("the %d-th kept is %d, not of %d to %d", i, v, cell, cell+int64(s.stride))
		}
	}
	if below := sort.Search(len(s.kept), func(i int) bool { return s.kept[i] >= 50_000 }); math.Abs(float64(below)/float64(len(s.kept))-0.5) > 0.01 {
		t.Errorf("%d of %d lie below the middle", below, len(s.kept))
	}
}
