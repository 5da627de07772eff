package check

import (
	"slices"
	"testing"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

// maxProof is the most operations a proof may have.
const maxProof = 6

// proven holds every finding to its promise: its operations alone break the same
// invariant, and without any one of them they do not.
func proven(t *testing.T, r *Report) {
	t.Helper()
	for i := range r.Anomalies {
		f := &r.Anomalies[i]
		if n := len(f.Operations); n == 0 || n > maxProof {
			ops, _ := f.history()
			t.Errorf("%s is proven by %d operations, want 1 to %d:\n%s", f.ID, n, maxProof, csv(ops))
		}
		if f.Sentence == "" || f.Fix == "" || f.Title == "" {
			t.Fatalf("%s lacks words: %+v", f.ID, f)
		}
		ops, lines := f.history()
		for _, shared := range []bool{false, true} {
			options := Options{API: shop, Excerpt: true, Shared: shared, Opaque: f.opaque,
				Clocks: f.on.clocks, framed: true, frame: f.on.generator}
			excerpt := History(ops, lines, options)
			if found := excerpt.Count(f.ID) > 0; found != (!shared || !f.Closed) {
				t.Fatalf("%s, shared %v: its %d operations alone break it: %v\n%s", f.ID, shared, len(ops), found, csv(ops))
			}
		}
		for j := range ops {
			options := Options{API: shop, Excerpt: true, Shared: !f.Closed, Opaque: f.opaque,
				Clocks: f.on.clocks, framed: true, frame: f.on.generator}
			fewer := History(slices.Delete(slices.Clone(ops), j, j+1), nil, options)
			if !f.Operations[j].Considered && fewer.Count(f.ID) > 0 {
				t.Errorf("%s is still broken without line %d:\n%s", f.ID, f.Operations[j].Line, csv(ops))
			}
			if f.Operations[j].Considered && !mayMakeVersion(&ops[j]) {
				t.Errorf("%s considers line %d, which can have made nothing:\n%s", f.ID, f.Operations[j].Line, csv(ops))
			}
		}
	}
}

// history returns the operations of a proof in the order of their lines.
func (f *Anomaly) history() (ops []history.Op, lines []int) {
	all := slices.Clone(f.Operations)
	slices.SortFunc(all, func(a, b Evidence) int { return a.Line - b.Line })
	for i := range all {
		ops, lines = append(ops, all[i].Op), append(lines, all[i].Line)
	}
	f.Operations = all
	return ops, lines
}

func csv(ops []history.Op) string {
	text := []byte(history.Header + "\n")
	for i := range ops {
		text = history.AppendOp(text, &ops[i])
	}
	return string(text)
}

// TestClearestLostUpdate shows of two lost updates the one whose updates asked for different
// states, although the other was quicker.
func TestClearestLostUpdate(t *testing.T) {
	ops := historytest.Parse(t, `
		10,12,,1,update,r,1,in_progress,applied,200,2,in_progress,1,,,
		11,13,,2,update,r,1,in_progress,applied,200,2,in_progress,1,,,
		20,32,,3,update,q,1,in_progress,applied,200,2,in_progress,1,,,
		27,33,,4,update,q,1,no_show,applied,200,2,no_show,1,,,`)
	report := History(ops, nil, Options{API: shop, Excerpt: true})
	if report.Count(OCC01) != 2 || report.Anomalies[0].Record != "q" {
		t.Errorf("anomalies %v, want that of record q", spell(report.Anomalies))
	}
}
