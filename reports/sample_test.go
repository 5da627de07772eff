package reports

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// The recorded runs that documentation shows, drawn from their files alone.
func TestSampleRuns(t *testing.T) {
	for name, want := range map[string]gate.Result{"sample-pass": gate.Pass, "sample-lost-update": gate.Fail} {
		t.Run(name, func(t *testing.T) {
			run := readRecorded(t, name)
			if run.Verdict.Verdict != want {
				t.Errorf("the verdict is %s, want %s", run.Verdict.Verdict, want)
			}
			for _, f := range Formats() {
				text := writeRun(t, f, run)
				checkGolden(t, filepath.Join(name, f.File), maskText(text))
				if f.Name == "text" {
					checkNarrow(t, text)
				}
			}
		})
	}
}

// readRecorded reads a run of load_test_results, or skips the test without it.
func readRecorded(t *testing.T, name string) view.Run {
	t.Helper()
	dir, err := run.Open(filepath.Join("..", "load_test_results", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := dir.ReadManifest()
	var v gate.Verdict
	var findings check.Report
	if err := errors.Join(err, dir.ReadJSON(run.VerdictFile, &v), dir.ReadJSON(run.AnomaliesFile, &findings)); err != nil {
		t.Fatal(err)
	}
	file, err := dir.Open(run.HistoryFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, series := measure.New(gate.Default().MeasureOptions()), measure.NewSeries(0)
	for r, op := history.NewReader(file, name), history.New(); ; {
		err := r.Read(&op)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all.Add(&op)
		series.Add(&op)
	}
	n, line := all.Numbers(), series.Timeline()
	return view.Run{Directory: "load_test_results/" + name, Manifest: &m, Numbers: &n, Timeline: &line, Anomalies: &findings, Verdict: v}
}
