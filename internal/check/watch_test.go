package check

import (
	"fmt"
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
	for _, records := range []int{8, 1_000} {
		b.Run(map[int]string{8: "8 records", 1_000: "1000 records"}[records], func(b *testing.B) {
			const operations = 1_000_000
			ops := make([]history.Op, 0, operations)
			long(operations, records, func(o *history.Op) { ops = append(ops, *o) })
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

// The same histories with opaque tokens and markers: each look finds what a checker finds
// that is given all of it at once, of the records that do not contradict themselves and of which no operation waits,
// and accuses no server that the checker does not. Of a token that turns out to be
// reused later, a look may say that it has two successors.
func TestLooksAtOpaqueTokens(t *testing.T) {
	faults := []string{""}
	for _, tt := range simulated {
		faults = append(faults, tt.fault)
	}
	looks, proofs := 0, 0
	for _, fault := range faults {
		for seed := range uint64(2) {
			ops := opaqueWithMarkers(simulate(seed, fault))
			r := rand.New(rand.NewPCG(seed, 6))
			w := NewWatch(Options{API: shop, Opaque: true, fold: 1 + r.IntN(3)})
			for n := 0; n < len(ops); looks++ {
				more := min(1+r.IntN(120), len(ops)-n)
				for i := range more {
					w.Add(&ops[n+i], n+i+2)
				}
				n += more
				proofs += lookAtOpaque(t, w, ops[:n])
			}
			if t.Failed() {
				t.Fatalf("%q, seed %d", fault, seed)
			}
		}
	}
	t.Logf("%d looks, %d anomalies", looks, proofs)
	if proofs == 0 {
		t.Error("nothing is found")
	}
}

func lookAtOpaque(t *testing.T, w *Watch, ops []history.Op) int {
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
	whole := History(ops, nil, Options{API: shop, Opaque: true, Shared: true, Excerpt: true})
	want := countsOf(whole.Anomalies)
	for i := range found {
		if len(want) == 0 || want[found[i].ID] == 0 && w.checker.tokens.Doubts == 0 {
			t.Errorf("after %d operations a look finds %s, the whole does not: %s", len(ops), found[i].ID, found[i].Sentence)
		}
		if len(found[i].Operations) == 0 || found[i].Sentence == "" {
			t.Errorf("%s has no proof", found[i].ID)
		}
	}
	if n := w.checker.tokens; n.Doubts == 0 && n.Waits() == 0 {
		for id := range want {
			if countsOf(found)[id] == 0 {
				t.Errorf("after %d operations the whole finds %s, a look does not", len(ops), id)
			}
		}
	}
	return len(found)
}

// opaqueWithMarkers gives each attempt a marker, and the contents that reads show the
// marker of the attempt that made their version; versions get names.
func opaqueWithMarkers(ops []history.Op) []history.Op {
	type version struct {
		record string
		number int64
	}
	makers := map[version]string{}
	for i := range ops {
		o := &ops[i]
		if o.Kind != history.Update {
			continue
		}
		o.Marker = fmt.Sprintf("m%d", i)
		made := version{o.Record, o.Expected + 1}
		if o.Outcome == history.Applied && o.Token == o.Expected+1 || o.Outcome.Uncertain() && makers[made] == "" {
			makers[made] = o.Marker
		}
	}
	for i := range ops {
		o := &ops[i]
		if o.Kind != history.Update && o.Token != history.None {
			o.Marker = makers[version{o.Record, o.Token}]
			if o.Marker == "" {
				o.Marker = fmt.Sprintf("other%d", o.Token)
			}
		}
		o.TokenText, o.Token = nameVersion(o.Token), history.None
		o.ExpectedText, o.Expected = nameVersion(o.Expected), history.None
	}
	return ops
}

// A look judges settled pages as one row, until an operation speaks of one of their versions: a
// read of what was sixty updates ago is found.
func TestLooksHearOfSettledVersions(t *testing.T) {
	w := NewWatch(Options{API: shop})
	var ops []history.Op
	add := func(o *history.Op) {
		ops = append(ops, *o)
		w.Add(o, len(ops)+1)
		if len(ops)%500 == 0 {
			lookAgainst(t, w, ops)
		}
	}
	long(4_000, 2, add)
	last := ops[len(ops)-1]
	for _, o := range ops {
		if o.Record == last.Record && o.Token == last.Token-60 {
			late := last
			late.Kind, late.Operator, late.Attempt, late.Token, late.State = history.Read, 1, 1, o.Token, o.State
			late.Start, late.End = last.End+1, last.End+2
			add(&late)
			break
		}
	}
	lookAgainst(t, w, ops)
	if w.broken[w.checker.record(last.Record)] == nil {
		t.Error("the look does not hear of it")
	}
}

// A look costs what was added since the last one: of a correct server so many rows and pages for
// an operation, however many versions are at hand.
func TestLooksCostWhatIsNew(t *testing.T) {
	const perLook, most = 500, 16
	w := NewWatch(Options{API: shop})
	n, last := 0, int64(0)
	long(200_000, 100, func(o *history.Op) {
		w.Add(o, n+2)
		if n++; n%perLook != 0 {
			return
		}
		if found, err := w.Look(nil); len(found) > 0 || err != nil {
			t.Fatal(found, err)
		}
		if cost := (w.checker.steps - last) / perLook; cost > most {
			t.Fatalf("the look after %d operations took %d steps for each new one, want at most %d", n, cost, most)
		}
		last = w.checker.steps
	})
}
