package check

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

// anomalies are the bad histories of testdata and all that must be found there.
// Each has a good one beside it that differs by as little as makes it right.
var anomalies = []struct {
	name string
	want map[string]int64
}{
	{"occ01", map[string]int64{"OCC-01": 1}},
	{"occ01_overwrite", map[string]int64{"OCC-01": 1}},
	{"occ02", map[string]int64{"OCC-02": 1}},
	{"occ03", map[string]int64{"OCC-03": 1}},
	{"occ03_repeated", map[string]int64{"OCC-03": 1}},
	{"occ04", map[string]int64{"OCC-04": 1}},
	{"occ04_rejected", map[string]int64{"OCC-04": 1, "OCC-06": 1}},
	{"occ05", map[string]int64{"OCC-05": 1}},
	{"occ05_itself", map[string]int64{"OCC-05": 1}},
	{"occ05_chain", map[string]int64{"OCC-05": 1}},
	{"occ06", map[string]int64{"OCC-06": 1}},
	{"occ07", map[string]int64{"OCC-07": 1}},
	{"occ07_in_409", map[string]int64{"OCC-07": 1}},
	{"occ08", map[string]int64{"OCC-08": 1}},
	{"occ08_back", map[string]int64{"OCC-08": 1}},
	{"occ09", map[string]int64{"OCC-09": 1}},
	{"occ09_disowned", map[string]int64{"OCC-09": 1}},
	{"occ09_answer", map[string]int64{"OCC-09": 1}},
	{"occ10", map[string]int64{"OCC-10": 1}},
	{"occ11", map[string]int64{"OCC-11": 1}},
	{"occ11_retry", map[string]int64{"OCC-11": 1}},
	{"occ12", map[string]int64{"OCC-12": 1}},
	{"occ06_legal", map[string]int64{"OCC-06": 1}},
	{"occ06_by_409", map[string]int64{"OCC-06": 1}},
	{"occ09_columns", map[string]int64{"OCC-09": 1}},
	{"occ10_unseen", map[string]int64{"OCC-10": 1}},
	{"occ12_twice", map[string]int64{"OCC-12": 1}},
	{"occ12_two_versions", map[string]int64{"OCC-12": 1}},
	{"occ12_absent", map[string]int64{"OCC-12": 1}},
	{"occ12_absent_audit", map[string]int64{"OCC-12": 1}},
	{"occ12_told", map[string]int64{"OCC-12": 1}},
	{"occ01_marker", map[string]int64{"OCC-01": 1}},
	{"occ04_marker", map[string]int64{"OCC-04": 1}},
	{"occ11_marker", map[string]int64{"OCC-11": 1}},
	{"occ13", map[string]int64{"OCC-13": 1}},
	{"occ13_lost", map[string]int64{"OCC-01": 1, "OCC-13": 2}},
	{"occ13_counting", map[string]int64{"OCC-13": 1}},
}

func TestBadHistories(t *testing.T) {
	for _, tt := range anomalies {
		t.Run(tt.name, func(t *testing.T) {
			report := stored(t, "histories/"+tt.name+"_bad.csv")
			if !report.Judged {
				t.Fatalf("not judged: %v", report.Why)
			}
			if diff := cmp.Diff(tt.want, counts(&report)); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, spell(report.Anomalies))
			}
			proven(t, &report)
			t.Log(spell(report.Anomalies))
		})
	}
}

func TestEveryBadHistoryIsInTheTable(t *testing.T) {
	files, err := filepath.Glob("testdata/histories/*_bad.csv")
	if err != nil || len(files) != len(anomalies) {
		t.Errorf("%d bad histories, %d in the table (%v)", len(files), len(anomalies), err)
	}
	seen := make(map[string]bool)
	for _, tt := range anomalies {
		for id := range tt.want {
			seen[id] = true
		}
	}
	for _, v := range Invariants() {
		if !seen[v.ID.String()] {
			t.Errorf("no bad history breaks %s", v.ID)
		}
		if _, err := os.Stat("testdata/histories/" + strings.ToLower(strings.ReplaceAll(v.ID.String(), "-", "")) + "_good.csv"); err != nil {
			t.Error(err)
		}
	}
}

func TestGoodHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/histories/*_good.csv")
	if err != nil || len(files) < ids {
		t.Fatalf("%d good histories: %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			report := stored(t, strings.TrimPrefix(path, "testdata/"))
			if !report.Judged || len(report.Anomalies) > 0 {
				t.Errorf("judged %v %v, findings %v, want none", report.Judged, report.Why, spell(report.Anomalies))
			}
		})
	}
}

func TestAssumptions(t *testing.T) {
	tests := []struct{ name, why string }{
		{"clock", "the clock went back: the operation in line 3 begins at 12 ns and ends at 10 ns"},
		{"overlap", "operations of operator 1 overlap: the one in line 4 begins at 11 ns, before the one recorded earlier ends at 12 ns"},
		{"no_first_audit", "there is no audit before the first turn"},
		{"no_final_audit", "there is no audit after the last turn: the history ends too early"},
		{"audit_too_early", "there is no audit after the last turn: the history ends too early"},
		{"failed_audit", "there is no audit after the last turn: the history ends too early"},
		{"record_missing", "record 17 was updated and is missing in the final audit"},
		{"no_moves", "no update was recorded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := stored(t, "histories/assumption_"+tt.name+".csv")
			if diff := cmp.Diff([]string{tt.why}, report.Why); diff != "" || report.Judged {
				t.Errorf("judged %v, why (-want +got):\n%s", report.Judged, diff)
			}
			if len(report.Anomalies)+len(report.Withheld) > 0 {
				t.Errorf("findings %v, withheld %v, want none", spell(report.Anomalies), spell(report.Withheld))
			}
		})
	}
}

// TestCutOff cuts a history after every byte: nothing but the whole is judged,
// and what is withheld is what the rest cannot heal.
func TestCutOff(t *testing.T) {
	whole, err := os.ReadFile("testdata/histories/occ01_bad.csv")
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(whole[:n]))), nil }
		report, err := File(open, "history.csv", Options{API: shop})
		if err != nil {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		if report.Judged || len(report.Anomalies) > 0 {
			t.Fatalf("cut after %d bytes: judged with findings %v", n, spell(report.Anomalies))
		}
		for i := range report.Withheld {
			if f := &report.Withheld[i]; f.Closed || f.ID != OCC01 {
				t.Errorf("cut after %d bytes: %v is withheld", n, spell(report.Withheld))
			}
		}
		if both := strings.Count(string(whole[:n]), ",moved,") == 2 && whole[n-1] == '\n'; both && len(report.Withheld) != 1 {
			t.Errorf("cut after %d bytes: the lost update is not withheld", n)
		}
	}
}

// TestKeptHistories holds the checker to every history on which it once
// disagreed with porcupine (disagreements), or showed more or less than what
// proves a finding (shrinking).
func TestKeptHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/shrinking/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d histories: %v", len(files), err)
	}
	differed, err := filepath.Glob("testdata/disagreements/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, differed...)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			ops := historytest.Load(t, path)
			for _, shared := range []bool{false, true} {
				report := History(ops, nil, Options{API: shop, Excerpt: true, Shared: shared})
				if fine := linearizable(ops, shared); fine == versionAnomaly(ops, shared) || !fine && len(report.Anomalies) == 0 {
					t.Errorf("shared %v: linearizable is %v, findings are %v", shared, fine, spell(report.Anomalies))
				}
				proven(t, &report)
			}
		})
	}
}

func TestSharedBoard(t *testing.T) {
	ops := historytest.Load(t, "testdata/histories/occ08_bad.csv")
	report := History(ops, nil, Options{API: shop, Shared: true})
	if len(report.Anomalies) > 0 || report.Foreign != 1 {
		t.Errorf("%d foreign moves and findings %v, want 1 and none", report.Foreign, spell(report.Anomalies))
	}
	ops = historytest.Load(t, "testdata/histories/occ01_bad.csv")
	report = History(ops, nil, Options{API: shop, Shared: true})
	if diff := cmp.Diff(map[string]int64{"OCC-01": 1}, counts(&report)); diff != "" {
		t.Errorf("a lost update on a shared board (-want +got):\n%s", diff)
	}
}

// A version that no attempt asked for shows that there is another writer, who may have taken the
// record away that a refusal says is gone.
func TestAnotherWriterExplainsTheRest(t *testing.T) {
	gone := []history.Op{
		{Kind: history.Read, Operator: 1, Attempt: 1, Record: "1", Outcome: history.Seen, HTTP: 200, Expected: history.None, Token: 2, Start: 0, End: 10},
		{Kind: history.Update, Operator: 1, Attempt: 1, Record: "1", Outcome: history.Rejected, HTTP: 404, Expected: 1, Target: "in_progress",
			Token: history.None, Start: 20, End: 30},
	}
	foreign := []history.Op{
		{Kind: history.Read, Operator: 2, Attempt: 1, Record: "2", Outcome: history.Seen, HTTP: 200, Expected: history.None, Token: 1, Start: 0, End: 10},
		{Kind: history.Read, Operator: 2, Attempt: 1, Record: "2", Outcome: history.Seen, HTTP: 200, Expected: history.None, Token: 2, Start: 20, End: 30},
	}
	for _, tt := range []struct {
		ops  []history.Op
		want map[string]int64
	}{
		{gone, map[string]int64{"OCC-06": 1}},
		{slices.Concat(gone, foreign), map[string]int64{"OCC-08": 1}},
	} {
		report := History(tt.ops, nil, Options{API: shop, Excerpt: true})
		if diff := cmp.Diff(tt.want, counts(&report)); diff != "" {
			t.Errorf("%s(-want +got):\n%s", csv(tt.ops), diff)
		}
	}
}

// stored judges a file of testdata.
func stored(t *testing.T, name string) Report {
	t.Helper()
	path := filepath.Join("testdata", name)
	report, err := File(opener(path), name, Options{API: shop, Opaque: isOpaque(t, path)})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// isOpaque reports whether a history has tokens that are no numbers.
func isOpaque(t *testing.T, path string) bool {
	return slices.ContainsFunc(historytest.Load(t, path), func(o history.Op) bool { return o.TokenText != "" })
}
