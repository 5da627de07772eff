package check

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// countsOf returns how often each invariant is broken.
func countsOf(found []Anomaly) map[ID]int64 {
	all := map[ID]int64{}
	for i := range found {
		all[found[i].ID] = found[i].Count
	}
	return all
}

// However often a history is looked at while it is written, each look finds what
// a checker finds that is given all of it at once, and proves it.
func TestLooksFindWhatTheWholeShows(t *testing.T) {
	faults := []string{""}
	for _, tt := range simulated {
		faults = append(faults, tt.fault)
	}
	for _, fault := range faults {
		for seed := range uint64(12) {
			ops := simulate(seed, fault)
			r := rand.New(rand.NewPCG(seed, 5))
			w := NewWatch(Options{API: shop, fold: 1 + r.IntN(3)})
			for n := 0; n < len(ops); {
				more := min(1+r.IntN(60), len(ops)-n)
				for i := range more {
					w.Add(&ops[n+i], n+i+2)
				}
				n += more
				lookAgainst(t, w, ops[:n])
			}
		}
	}
}

func lookAgainst(t *testing.T, w *Watch, ops []history.Op) {
	t.Helper()
	again := func(yield func(*history.Op, int)) (bool, error) {
		for i := range ops {
			yield(&ops[i], i+2)
		}
		return false, nil
	}
	found, err := w.Look(again)
	if err != nil {
		t.Fatal(err)
	}
	whole := New(Options{API: shop})
	if _, err := again(whole.Add); err != nil {
		t.Fatal(err)
	}
	whole.judge(true)
	want := map[ID]int64{}
	if whole.trust.isSound() {
		want = countsOf(whole.tally.anomalies())
	}
	if diff := cmp.Diff(want, countsOf(found)); diff != "" {
		t.Fatalf("after %d operations (-whole +looks)\n%s", len(ops), diff)
	}
	for i := range found {
		if len(found[i].Operations) == 0 || found[i].Sentence == "" {
			t.Errorf("%s has no proof", found[i].ID)
		}
	}
}

// Looks at a million operations, five thousand operations apart, as a busy run has
// in a second: operations/s that are added and looked at.
func BenchmarkWatch(b *testing.B) {
	for _, cards := range []int{8, 1_000} {
		b.Run(map[int]string{8: "8 cards", 1_000: "1000 cards"}[cards], func(b *testing.B) {
			const operations = 1_000_000
			ops := make([]history.Op, 0, operations)
			long(operations, cards, func(o *history.Op) { ops = append(ops, *o) })
			for b.Loop() {
				w := NewWatch(Options{API: shop})
				for i := range ops {
					w.Add(&ops[i], i+2)
					if i%5_000 == 4_999 {
						if found, err := w.Look(nil); len(found) > 0 || err != nil {
							b.Fatal(found, err)
						}
					}
				}
			}
			b.ReportMetric(float64(len(ops)*b.N)/b.Elapsed().Seconds(), "operations/s")
		})
	}
}
