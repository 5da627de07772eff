package evidence

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stats"
)

// samples are recorded runs.
func samples(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "load_test_results", "sample-*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("sample runs: %v, %v", names, err)
	}
	return names
}

// sampleRun returns a copy of a recorded run.
func sampleRun(t *testing.T, path string) run.Dir {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(copied, os.DirFS(path)); err != nil {
		t.Fatal(err)
	}
	dir, err := run.Open(copied)
	if err == nil {
		err = os.Remove(dir.File(run.EvidenceFile)) // each test finds what it keeps
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func record(t *testing.T, dir run.Dir, o Options) *Recording {
	t.Helper()
	r, err := LoadRecording(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func diff(a, b *Recording) string {
	series := cmp.Transformer("series", func(s stats.Series) []any { return []any{s.Len(), s.Stride(), s.Kept()} })
	return cmp.Diff(a, b, cmp.AllowUnexported(measure.Histogram{}), series, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Recording{}, "Checked", "kept"))
}

// What is kept of a recording is all of its numbers.
func TestKeptIsWhatWasFound(t *testing.T) {
	for _, path := range samples(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir, o := sampleRun(t, path), Options{Policy: gate.Default(), Samples: true}
			found := record(t, dir, o)
			if found.kept {
				t.Fatal("a sample run has an " + run.EvidenceFile)
			}
			if err := found.Keep(dir); err != nil {
				t.Fatal(err)
			}
			kept := record(t, dir, o)
			if !kept.kept {
				t.Fatal("the history was read again")
			}
			if d := diff(found, kept); d != "" {
				t.Errorf("(-found +kept)\n%s", d)
			}
		})
	}
}

// A recording that is of other files, of another policy or edited is made anew.
func TestKeptIsMadeAnew(t *testing.T) {
	stricter := gate.Default()
	if err := stricter.SetLimit(gate.P95, 100); err != nil {
		t.Fatal(err)
	}
	surer := gate.Default()
	surer.Confidence = 0.99
	edit := func(name, old, text string) func(t *testing.T, dir run.Dir) {
		return func(t *testing.T, dir run.Dir) {
			data, err := os.ReadFile(dir.File(name))
			if err != nil || !bytes.Contains(data, []byte(old)) {
				t.Fatalf("%s has no %q (%v)", name, old, err)
			}
			if err := os.WriteFile(dir.File(name), bytes.Replace(data, []byte(old), []byte(text), 1), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, dir run.Dir)
		policy gate.Policy
		any    bool
		kept   bool
	}{
		"the same":                   {nil, gate.Default(), false, true},
		"another limit":              {nil, stricter, false, false},
		"another confidence":         {nil, surer, false, false},
		"another limit, for reports": {nil, stricter, true, true},
		"an edited number":           {edit(run.EvidenceFile, `"operations": `, `"operations": 1`), gate.Default(), true, false},
		"another format":             {edit(run.EvidenceFile, `"format": 2`, `"format": 99`), gate.Default(), true, false},
		"another history":            {edit(run.HistoryFile, ",200,", ",201,"), gate.Default(), true, false},
		"another manifest":           {edit(run.ManifestFile, `"attempts": 3`, `"attempts": 2`), gate.Default(), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := sampleRun(t, samples(t)[0])
			if err := record(t, dir, Options{Policy: gate.Default()}).Keep(dir); err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(t, dir)
			}
			again := record(t, dir, Options{Policy: c.policy, Any: c.any})
			if again.kept != c.kept {
				t.Errorf("taken from %s: %t, want %t", run.EvidenceFile, again.kept, c.kept)
			}
			if limit := c.policy.MeasureOptions().Limit; !c.kept && again.Basis.LimitNS != limit {
				t.Errorf("measured against %s, want %s", again.Basis.LimitNS, limit)
			}
		})
	}
}

// An automatic warm-up is cut alike whether the operations could be held or the
// history was read twice.
func TestWarmupIsCutAlike(t *testing.T) {
	for _, path := range samples(t) {
		dir := sampleRun(t, path)
		m, err := dir.ReadManifest()
		if err != nil {
			t.Fatal(err)
		}
		m.Spec.WarmupAuto, m.Spec.Warmup = true, 0
		if err := dir.WriteManifest(m); err != nil {
			t.Fatal(err)
		}
		held, err := readHistory(dir, Options{Policy: gate.Default()}, mostHeld)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := readHistory(dir, Options{Policy: gate.Default()}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(held, twice); d != "" || held.Numbers.Attempts == 0 {
			t.Errorf("%s: %d attempts (-held +twice)\n%s", filepath.Base(path), held.Numbers.Attempts, d)
		}
	}
}

// The pass finds what the checker finds by itself, with the same lines.
func TestPassFindsWhatTheCheckerFinds(t *testing.T) {
	for _, path := range samples(t) {
		dir := sampleRun(t, path)
		alone, err := check.File(func() (file io.ReadCloser, err error) { return dir.Open(run.HistoryFile) }, dir.File(run.HistoryFile), check.Options{API: apitest.Appointments(t)})
		if err != nil {
			t.Fatal(err)
		}
		found := record(t, dir, Options{Policy: gate.Default(), Check: &check.Options{}})
		if d := cmp.Diff(&alone, found.Checked, cmpopts.IgnoreUnexported(check.Anomaly{})); d != "" {
			t.Errorf("%s (-alone +pass)\n%s", filepath.Base(path), d)
		}
	}
}
