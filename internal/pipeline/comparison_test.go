package pipeline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reports"
)

// judgedRun writes a run of 400 moves that take so long, and judges it.
func judgedRun(t *testing.T, folder string, second int, ms int64) run.Dir {
	t.Helper()
	start := time.Date(2030, 1, 1, 0, 0, second, 0, time.UTC)
	dir, err := run.Create(folder, start)
	if err != nil {
		t.Fatal(err)
	}
	var ops []history.Op
	for i := range int64(400) {
		op := history.New()
		op.Start = 1 + i*50_000_000
		op.End = op.Start + ms*1_000_000 + (i*7919%997)*1000
		op.Operator, op.Kind, op.Record, op.Expected, op.Target, op.Attempt = 1, history.Update, "1", i+1, "in_progress", 1
		op.Outcome, op.HTTP, op.Token, op.State = history.Applied, 200, i+2, "in_progress"
		ops = append(ops, op)
	}
	writeOps(t, dir, ops)
	m := run.Manifest{TargetBuild: "1.0", Start: start, Base: start, End: start.Add(30 * time.Second), State: run.Complete,
		Spec: run.Spec{Scenario: "update", Operators: 1, Duration: 20 * time.Second, Attempts: 3}}
	if err := dir.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(dir, apitest.Appointments(t), false); err != nil {
		t.Fatal(err)
	}
	if _, err := Gate(dir, gate.Default()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A report tells what changed since the last comparable run: nothing, 20 ms, or
// why it is not known; and tells the same however often it is drawn.
func TestReportTellsWhatChanged(t *testing.T) {
	folder := t.TempDir()
	first, same, slow := judgedRun(t, folder, 1, 5), judgedRun(t, folder, 2, 5), judgedRun(t, folder, 3, 25)
	for _, tt := range []struct {
		dir  run.Dir
		want compare.Verdict
		base string
	}{{first, "", ""}, {same, compare.NoChange, first.Name()}, {slow, compare.Worse, same.Name()}} {
		result, err := DrawReports(tt.dir)
		if err != nil {
			t.Fatal(err)
		}
		var got compare.Verdict
		if result.Since.Comparison != nil {
			got = result.Since.Comparison.Verdict
		}
		if got != tt.want || result.Since.Base != tt.base {
			t.Errorf("%s: %q against %q, want %q against %q (%s)", tt.dir.Name(), got, result.Since.Base, tt.want, tt.base, result.Since.Why)
		}
	}
	before := readDrawn(t, slow)
	if !strings.Contains(before["report.txt"], "20 ms longer") {
		t.Errorf("the report does not say by how much:\n%s", before["report.txt"])
	}
	judgedRun(t, folder, 4, 5)
	if _, err := DrawReports(slow); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, readDrawn(t, slow)); diff != "" {
		t.Errorf("a later run changes the report\n%s", diff)
	}
}

func readDrawn(t *testing.T, dir run.Dir) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range reports.Formats() {
		text, err := os.ReadFile(dir.File(f.File))
		if err != nil {
			t.Fatal(err)
		}
		all[f.File] = string(text)
	}
	return all
}

// What is wrong with the other run does not keep this one from its report.
func TestReportBesideADamagedRun(t *testing.T) {
	folder := t.TempDir()
	base, dir := judgedRun(t, folder, 1, 5), judgedRun(t, folder, 2, 5)
	if err := os.WriteFile(base.File(run.HistoryFile), []byte("nonsense\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := DrawReports(dir)
	if err != nil {
		t.Fatal(err)
	}
	if result.Since.Base != base.Name() || result.Since.Comparison != nil || !strings.Contains(result.Since.Why, "history.csv:1") {
		t.Errorf("%+v", result.Since)
	}
}

// All runs of a folder are listed, those that cannot be read with the reason.
func TestIndexListsEveryRun(t *testing.T) {
	folder := t.TempDir()
	p := &Pipeline{Settings: &settings.Settings{}}
	p.Settings.Out = folder
	if err := p.updateIndex(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, indexFile)); !os.IsNotExist(err) {
		t.Errorf("a folder without runs is written to: %v", err)
	}
	good, broken := judgedRun(t, folder, 1, 5), judgedRun(t, folder, 2, 5)
	if err := os.WriteFile(broken.File(run.ManifestFile), []byte(`{"format":99}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := p.updateIndex(); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, indexFile))
	if err != nil {
		t.Fatal(err)
	}
	e, err := evidence.OpenVerdict(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{good.Name(), broken.Name(), "newer", ">" + string(e.Verdict.Verdict) + "<"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the list has no %q", want)
		}
	}
}

// A report draws what is there and says what is missing.
func TestReportOfAnIncompleteRun(t *testing.T) {
	for _, name := range []string{run.ManifestFile, run.HistoryFile, run.AnomaliesFile, run.VerdictFile} {
		dir := judgedRun(t, t.TempDir(), 1, 5)
		if err := os.Remove(dir.File(name)); err != nil {
			t.Fatal(err)
		}
		if _, err := DrawReports(dir); err != nil {
			t.Fatalf("without %s: %v", name, err)
		}
		for file, text := range readDrawn(t, dir) {
			if file == "metrics.prom" || file == "ctrf.json" {
				continue // numbers alone
			}
			if !strings.Contains(strings.ReplaceAll(text, "\n", " "), name+" is missing") && !strings.Contains(text, name) {
				t.Errorf("%s does not say that %s is missing", file, name)
			}
		}
	}
}
