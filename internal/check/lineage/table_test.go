package lineage

import (
	"math/rand/v2"
	"testing"
)

// TestTable holds a table against a map: keys that differ in the bits of their place alone, in
// those of their print alone, in others, and any.
func TestTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draws := map[string]func() uint64{
		"places": func() uint64 { return r.Uint64N(1 << 12) },
		"prints": func() uint64 { return r.Uint64N(1<<8) << 56 },
		"others": func() uint64 { return r.Uint64N(1<<10) << 30 },
		"any":    r.Uint64,
	}
	for name, draw := range draws {
		t.Run(name, func(t *testing.T) {
			var got table
			want := map[uint64]int32{}
			for i := range int32(5_000) {
				key := draw()
				place := got.find(key)
				at, known := want[key]
				if !known {
					at = noNode
				}
				if *place != at {
					t.Fatalf("find(%#x) holds %d, want %d", key, *place, at)
				}
				*place, want[key] = i, i
			}
			if got.used != len(want) {
				t.Errorf("%d keys are in use, want %d", got.used, len(want))
			}
		})
	}
}

// TestBlocks fills two blocks and begins a third.
func TestBlocks(t *testing.T) {
	var b blocks[int32]
	for i := range int32(2*blockSize + 1) {
		if at := b.add(i); at != i || b.length() != i+1 {
			t.Fatalf("add(%d) = %d, and then length is %d", i, at, b.length())
		}
	}
	for i := range b.length() {
		if got := *b.at(i); got != i {
			t.Fatalf("at(%d) = %d", i, got)
		}
	}
}
