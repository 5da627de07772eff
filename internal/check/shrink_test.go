package check

import (
	"slices"
	"testing"

	"github.com/occbench/occbench/internal/history"
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
			excerpt := History(ops, lines, Options{API: shop, Excerpt: true, Shared: shared})
			if found := excerpt.Count(f.ID) > 0; found != (!shared || !f.Closed) {
				t.Fatalf("%s, shared %v: its %d operations alone break it: %v\n%s", f.ID, shared, len(ops), found, csv(ops))
			}
		}
		for j := range ops {
			fewer := History(slices.Delete(slices.Clone(ops), j, j+1), nil, Options{API: shop, Excerpt: true, Shared: !f.Closed})
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
