package clocks

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

func learn(t testing.TB, w *world) *Bounds {
	t.Helper()
	b, err := Learn(w.sources(), Options{Counting: !w.marked})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBoundsHoldTheTrueOffsets plays right servers over bad networks: the true offset of two
// clocks is always within its bounds.
func TestBoundsHoldTheTrueOffsets(t *testing.T) {
	runs := uint64(60)
	if n, err := strconv.ParseUint(os.Getenv("OCCBENCH_FUZZ_CHECK"), 10, 64); err == nil && n > 0 {
		runs = 10_000
	}
	known, all := 0, 0
	for seed := range runs {
		r := rand.New(rand.NewPCG(seed, 3))
		rtt := int64(float64(ms) * 0.1 * float64(int64(1)<<r.IntN(11)))
		l := load{generators: 2 + r.IntN(5), operators: 1 + r.IntN(4), records: 1 + r.IntN(8), fast: rtt / 2, slow: rtt * 2, think: rtt,
			until: int64(1+r.IntN(2)) * 1e9, record: r.IntN(2) == 0, skew: int64(r.IntN(400)) * ms, marked: r.IntN(3) == 0}
		if r.IntN(2) == 0 {
			l.lost, l.foreign = 0.1*r.Float64(), 0.1*r.Float64()
		}
		if rtt < ms {
			l.think = 5 * ms
		}
		w := playWorld(seed, l)
		b := learn(t, w)
		if len(b.Void) > 0 {
			t.Errorf("seed %d: %+v is void", seed, b.Void)
		}
		k, n := w.expectSound(t, b)
		known, all = known+k, all+n
		if t.Failed() {
			t.Fatalf("seed %d, %+v", seed, l)
		}
	}
	t.Logf("%d of %d places are known", known, all)
	if known < all/2 {
		t.Error("most places are unknown")
	}
}

// TestWidths prints the table of docs/scale.md.
func TestWidths(t *testing.T) {
	for _, tt := range []struct {
		name       string
		fast, slow int64 // round trip
		operators  int
		seconds    int64
	}{
		{"20 operators, 50 records, RTT 0.5 to 2 ms, 60 s", ms / 2, 2 * ms, 10, 60},
		{"200 operators, 50 records, RTT 0.5 to 2 ms, 10 s", ms / 2, 2 * ms, 100, 10},
		{"20 operators, 50 records, RTT 20 to 40 ms, 60 s", 20 * ms, 40 * ms, 10, 60},
	} {
		for _, record := range []bool{false, true} {
			w := playWorld(1, load{generators: 2, operators: tt.operators, records: 50, fast: tt.fast / 2, slow: tt.slow / 2, think: 500 * ms,
				until: tt.seconds * 1e9, record: record, skew: 100 * ms})
			b := learn(t, w)
			w.expectSound(t, b)
			sum, audit := b.Sum(), b.Windows[2e9/b.Window].Apart
			t.Logf("%s, clock record %v: width median %.2f ms, largest %.2f ms, in the audit %.2f ms",
				tt.name, record, 2*float64(sum.Median)/ms, 2*float64(sum.Largest)/ms, float64(audit[1]+audit[2])/ms)
		}
	}
}

// TestStep steps the clock of one generator by 3 s in the middle: it is named where others agree without
// it, and nothing is claimed of it from then on. Until then the bounds hold.
func TestStep(t *testing.T) {
	for _, generators := range []int{2, 3, 5} {
		for _, step := range []int64{3e9, 40 * ms} {
			t.Run(fmt.Sprintf("%d generators, %d ms", generators, step/ms), func(t *testing.T) {
				l := load{generators: generators, operators: 5, records: 8, fast: ms / 2, slow: ms, think: 20 * ms, until: 20e9}
				w := stepWorld(5, l, 1, step)
				b := learn(t, w)
				if len(b.Void) != 1 {
					t.Fatalf("void: %+v, want one", b.Void)
				}
				v := b.Void[0]
				if generators > 2 && (len(v.Generators) != 1 || v.Generators[0] != "2") || generators == 2 && len(v.Generators) != 2 {
					t.Errorf("%v may have stepped, want 2, or both where there are two", v.Generators)
				}
				stepped := w.clocks[1].at(10e9-1) + b.Shift("2")
				if v.From > stepped || v.From < stepped-2e9 || v.To < stepped || v.To > stepped+2e9+step {
					t.Errorf("void from %d to %d, the clock stepped at %d", v.From, v.To, stepped)
				}
				if known, all := w.expectSound(t, b); known < all/3 {
					t.Errorf("%d of %d places are known", known, all)
				}
			})
		}
	}
}
