package trend

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/gate"
)

// writeRuns writes runs, each a manifest and a verdict, and returns their folder.
func writeRuns(t *testing.T, runs ...[2]string) string {
	t.Helper()
	dir := t.TempDir()
	for i, files := range runs {
		run := filepath.Join(dir, fmt.Sprintf("k6_move_20300101_%06d", i+1))
		if err := os.Mkdir(run, 0o755); err != nil {
			t.Fatal(err)
		}
		for j, name := range []string{"manifest.json", "verdict.json"} {
			if files[j] == "" {
				continue
			}
			if err := os.WriteFile(filepath.Join(run, name), []byte(files[j]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func formatManifest(build, state string, operators int) string {
	return fmt.Sprintf(`{"format":1,"state":%q,"target_build":%q,"scenario":"update.js","start":"2030-01-01T00:00:00Z","contention":{"operators":%d,"records":50,"duration":"1m","warmup":"2s","budget":"2s","timeout":"10s"}}`,
		state, build, operators)
}

func formatVerdict(p95 float64) string {
	return fmt.Sprintf(`{"verdict":"PASS","outcomes":{"applied":2000},"gates":[{"name":"error_rate","estimate":0},{"name":"p95_ms","estimate":%v},{"name":"conflict_rate","estimate":0.04},{"name":"anomalies","estimate":0}]}`, p95)
}

func TestTwelveRunsWithAChangeAfterTheEighth(t *testing.T) {
	var runs [][2]string
	for i, p95 := range []float64{11, 12, 11.5, 11.2, 12.1, 11.9, 11.4, 11.7, 31, 32.5, 31.8, 30.9} {
		runs = append(runs, [2]string{formatManifest([]string{"1.4.2", "1.5.0"}[i/8], "complete", 20), formatVerdict(p95)})
	}
	r, err := Read(writeRuns(t, runs...))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Metrics) != 4 || len(r.Notes) != 0 {
		t.Fatalf("%d metrics, notes %q", len(r.Metrics), r.Notes)
	}
	want := []Change{{At: 8, Run: "k6_move_20300101_000009", Build: "1.5.0", BuildBefore: "1.4.2", Before: 11.6, After: 31.4, Worse: true}}
	at := slices.IndexFunc(r.Metrics, func(m Metric) bool { return m.Name == gate.P95 })
	got := r.Metrics[at].Changes
	for i := range got {
		if got[i].P > level/4 {
			t.Errorf("p = %v", got[i].P)
		}
		got[i].P = 0
		got[i].Before = float64(int(got[i].Before*100+0.5)) / 100
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, m := range r.Metrics {
		if m.Name != gate.P95 && len(m.Changes) > 0 {
			t.Errorf("%s never changed: %v", m.Name, m.Changes)
		}
	}
}

func TestOnlyLikeRunsAreOnOneLine(t *testing.T) {
	r, err := Read(writeRuns(t,
		[2]string{formatManifest("1", "complete", 20), formatVerdict(10)},
		[2]string{formatManifest("1", "complete", 40), formatVerdict(10)},
		[2]string{formatManifest("1", "interrupted", 20), formatVerdict(10)},
		[2]string{formatManifest("1", "complete", 20), ""},
		[2]string{"", formatVerdict(10)},
		[2]string{"{", formatVerdict(10)},
		[2]string{`{"format":99}`, formatVerdict(10)},
		[2]string{formatManifest("2", "complete", 20), `{"verdict":"INCONCLUSIVE","outcomes":{},"gates":[]}`},
		[2]string{formatManifest("2", "complete", 20), formatVerdict(11)},
		[2]string{formatManifest("2", "failed", 20), formatVerdict(11)},
	))
	if err != nil {
		t.Fatal(err)
	}
	if r.Reference != "k6_move_20300101_000009" {
		t.Errorf("the reference is %q", r.Reference)
	}
	for i, want := range []string{"", "operators 40 against 20", "its state is interrupted", "verdict.json is missing", "manifest.json is missing",
		"manifest.json:1", "newer", "it sent no update", "", "its state is failed"} {
		got := r.Runs[i]
		if got.Comparable != (want == "") || !strings.Contains(got.Why, want) {
			t.Errorf("run %d: comparable %v, why %q, want %q", i+1, got.Comparable, got.Why, want)
		}
	}
	if diff := cmp.Diff([]string{"change points need 10 comparable runs; there are 2"}, r.Notes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Staging and production do not stand on one line, two ports of this machine do.
func TestOneLineIsOfOneTarget(t *testing.T) {
	at := func(target string) string {
		return strings.Replace(formatManifest("1", "complete", 20), `"format":1`, fmt.Sprintf(`"format":1,"target":%q`, target), 1)
	}
	for _, tt := range []struct{ older, newer, why string }{
		{"https://staging.example.com", "https://shop.example.com", "target https://staging.example.com against https://shop.example.com"},
		{"https://shop.example.com", "https://shop.example.com", ""},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8081", ""},
	} {
		r, err := Read(writeRuns(t, [2]string{at(tt.older), formatVerdict(10)}, [2]string{at(tt.newer), formatVerdict(10)}))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Runs[0]; got.Why != tt.why || got.Comparable != (tt.why == "") {
			t.Errorf("%s before %s: comparable %v, %q", tt.older, tt.newer, got.Comparable, got.Why)
		}
	}
}

func TestFolderWithoutRuns(t *testing.T) {
	r, err := Read(t.TempDir())
	if err != nil || len(r.Runs) != 0 || r.Reference != "" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

// What a report shows is clean, whatever a manifest says and a folder is called.
func TestTextsOfOthersAreCleaned(t *testing.T) {
	dir := writeRuns(t, [2]string{strings.Replace(formatManifest("1", "complete", 20), `"1"`, `"\u001b[2J\u202e"`, 1), formatVerdict(11)})
	if err := os.Rename(dir, dir+"\x1b"); err != nil {
		t.Fatal(err)
	}
	r, err := Read(dir + "\x1b")
	if err != nil || len(r.Runs) != 1 {
		t.Fatalf("%d runs, %v", len(r.Runs), err)
	}
	if want := "�[2J�"; r.Runs[0].Build != want || r.Directory != dir+"�" {
		t.Errorf("build %q in %q, want %q in %q", r.Runs[0].Build, r.Directory, want, dir+"�")
	}
}
