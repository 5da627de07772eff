package check

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// countHistories returns how many random histories a test looks at: few, or as many as the
// long way of fuzz-check asks for.
func countHistories(t *testing.T, few int) int { return max(few, fuzzCheck(t)) }

// fuzzCheck is how many random histories the long tests look at; 0 is short.
func fuzzCheck(t *testing.T) int {
	text := os.Getenv("OCCBENCH_FUZZ_CHECK")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("OCCBENCH_FUZZ_CHECK=%q is not a number of histories", text)
	}
	return n
}

// ofVersions are the invariants that a linearizable register cannot break.
var ofVersions = []ID{OCC01, OCC02, OCC03, OCC04, OCC05, OCC07, OCC08, OCC12}

// versionAnomaly reports whether the checker finds fault with the versions of a
// history. Statuses are taken away: porcupine's register has none.
func versionAnomaly(ops []history.Op, shared bool) bool {
	c := New(Options{API: shop, Excerpt: true, Shared: shared})
	for _, o := range ops {
		if o.State, o.Target = "", ""; o.Outcome == history.Malformed {
			o.Outcome = history.ServerError // a malformed answer is an anomaly of its own
		}
		c.Add(&o, 0)
	}
	c.judge(shared)
	return slices.ContainsFunc(ofVersions, func(id ID) bool { return c.tally.count[id] > 0 })
}

func TestAgreesWithPorcupine(t *testing.T) {
	n := countHistories(t, 4_000)
	var wrong [2]int
	for seed := range uint64(n) {
		ops := smallHistory(rand.New(rand.NewPCG(seed, 3)))
		for i, shared := range []bool{false, true} {
			report := History(ops, nil, Options{API: shop, Excerpt: true, Shared: shared})
			fine := linearizable(ops, shared)
			if !fine {
				wrong[i]++
			}
			if fine == versionAnomaly(ops, shared) || !fine && len(report.Anomalies) == 0 {
				keepDisagreement(t, seed, ops)
				t.Fatalf("seed %d, shared %v: linearizable is %v, findings are %v", seed, shared, fine, spell(report.Anomalies))
			}
			proven(t, &report)
			if t.Failed() {
				t.Fatalf("in\n%s", csv(ops))
			}
		}
	}
	t.Logf("%d histories, %d of them wrong, %d wrong whatever others did", n, wrong[0], wrong[1])
	if share := float64(wrong[0]) / float64(n); share < 0.3 || share > 0.7 {
		t.Errorf("%.2f of the histories are wrong, want about half", share)
	}
}

// keepDisagreement writes a history on which the two checkers differed, for
// TestKeptHistories to look at for ever.
func keepDisagreement(t *testing.T, seed uint64, ops []history.Op) {
	t.Helper()
	path := filepath.Join("testdata", "disagreements", fmt.Sprintf("seed-%d.csv", seed))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte(csv(ops)), 0o644); err != nil {
		t.Error(err)
	}
}

func spell(found []Anomaly) (all []string) {
	for i := range found {
		f := &found[i]
		all = append(all, fmt.Sprintf("%s×%d %s %v: %s", f.ID, f.Count, f.Record, f.Tokens, f.Sentence))
	}
	return all
}
