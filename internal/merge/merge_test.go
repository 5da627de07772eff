package merge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

const (
	sample = "../../load_test_results/sample-pass"
	broken = "../../load_test_results/sample-lost-update"
)

// divided returns a folder with the directories of n generators, which together made
// the operations of a recorded run: operators take turns, and each has the audits.
func divided(t *testing.T, n int, of string) string {
	t.Helper()
	dir, err := run.Open(of)
	if err != nil {
		t.Fatal(err)
	}
	m, err := dir.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	ops := historytest.Load(t, dir.File(run.HistoryFile))
	folder := t.TempDir()
	bounds := []string{"0"}
	for i := 1; i < n; i++ {
		bounds = append(bounds, fmt.Sprintf("%d/%d", i, n))
	}
	bounds = append(bounds, "1")
	for i := range n {
		made := filepath.Join(folder, fmt.Sprint(i+1))
		if err := os.Mkdir(made, 0o755); err != nil {
			t.Fatal(err)
		}
		text := []byte(history.Header + "\n")
		for _, op := range ops {
			if op.Kind == history.Audit || int(op.Operator)%n == i {
				text = history.AppendOp(text, &op)
			}
		}
		g := generator.Manifest{
			Run: "r", Name: fmt.Sprint(i + 1), Segment: bounds[i] + ":" + bounds[i+1], Sequence: strings.Join(bounds, ","),
			Spec: m.Spec, ToolVersion: m.ToolVersion, K6Version: m.K6Version, TargetBuild: m.TargetBuild,
			Start: m.Start, End: m.End, Base: m.Base, State: run.Complete,
			CPU: m.K6CPU, Cores: m.Cores, Builds: m.Builds,
		}
		writeAll(t, made, g, text)
	}
	return folder
}

// writeAll writes a generator's directory that is whole.
func writeAll(t *testing.T, dir string, g generator.Manifest, text []byte) {
	t.Helper()
	stalls := []byte("start,end,late\n1000,20001000,20000000\n")
	g.Sums = map[string]string{run.HistoryFile: hashText(text), run.StallsFile: hashText(stalls)}
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, run.HistoryFile), text, 0o644),
		os.WriteFile(filepath.Join(dir, run.StallsFile), stalls, 0o644),
		generator.Write(dir, g),
	); err != nil {
		t.Fatal(err)
	}
}

// judge returns what a run is found to be.
func judge(t *testing.T, path string) (*evidence.Evidence, gate.Verdict) {
	t.Helper()
	dir, err := run.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := evidence.LoadRecording(dir, evidence.Options{Policy: gate.Default(), Check: &check.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.WriteSealed(run.AnomaliesFile, rec.Checked); err != nil {
		t.Fatal(err)
	}
	e, err := evidence.Gather(dir, rec)
	if err != nil {
		t.Fatal(err)
	}
	verdict := e.Judge(gate.Default())
	if err := dir.WriteSealed(run.VerdictFile, &verdict); err != nil {
		t.Fatal(err)
	}
	return e, verdict
}

func fileOf(t *testing.T, path, name string) string {
	t.Helper()
	dir, err := run.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir.File(name)
}

func create(t *testing.T, o Options, dirs ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "run")
	if _, err := Create(context.Background(), dirs, out, o); err != nil {
		t.Fatal(err)
	}
	return out
}

// Merged numbers are those of the operations, to the last digit, and the verdict is
// that of one process which made the same.
func TestMergedIsWhatOneProcessMade(t *testing.T) {
	for _, of := range []string{sample, broken} {
		t.Run(filepath.Base(of), func(t *testing.T) {
			alone := filepath.Join(t.TempDir(), "alone")
			if err := os.CopyFS(alone, os.DirFS(of)); err != nil {
				t.Fatal(err)
			}
			one, want := judge(t, alone)
			many, got := judge(t, create(t, Options{}, divided(t, 4, of)))
			a, b := one.Recording.Numbers, many.Recording.Numbers
			audits := 0
			for _, op := range historytest.Load(t, fileOf(t, of, run.HistoryFile)) {
				if op.Kind == history.Audit {
					audits++
				}
			}
			if many.Recording.Operations != one.Recording.Operations+int64(3*audits) || a.Attempts != b.Attempts {
				t.Errorf("%d operations with %d attempts, want %d with %d", many.Recording.Operations, b.Attempts, one.Recording.Operations, a.Attempts)
			}
			if d := cmp.Diff(a.Outcomes, b.Outcomes); d != "" {
				t.Errorf("outcomes (-one +merged)\n%s", d)
			}
			if d := cmp.Diff(a.Latency.Latency, b.Latency.Latency); d != "" {
				t.Errorf("latency (-one +merged)\n%s", d)
			}
			attempts, operations := 0, int64(0)
			for _, p := range b.Generators {
				attempts, operations = attempts+p.Attempts, operations+p.Operations
			}
			if len(b.Generators) != 4 || attempts != b.Attempts || operations != many.Recording.Operations {
				t.Errorf("%d generators made %d attempts in %d operations", len(b.Generators), attempts, operations)
			}
			if got.Verdict != want.Verdict || len(got.Gates) != len(want.Gates) {
				t.Errorf("%s %v, want %s %v", got.Verdict, got.Reasons, want.Verdict, want.Reasons)
			}
			for i := range got.Gates {
				if got.Gates[i].Verdict != want.Gates[i].Verdict {
					t.Errorf("gate %s: %s, want %s", got.Gates[i].Name, got.Gates[i].Verdict, want.Gates[i].Verdict)
				}
			}
			for i, f := range one.Checked.Anomalies {
				if of := many.Checked.Anomalies; i >= len(of) || f.ID != of[i].ID || f.Count != of[i].Count {
					t.Errorf("anomaly %v was found %d times by one process alone (%v)", f.ID, f.Count, many.Checked.Why)
				}
			}
		})
	}
}

// The directories are all that it takes: elsewhere, and named one by one, they make the
// same run.
func TestMergedElsewhereIsTheSame(t *testing.T) {
	folder := divided(t, 4, broken)
	if err := os.WriteFile(filepath.Join(folder, "1", run.ProbeFile), []byte(`{"defects": []}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "2", run.CloudWatchFile), []byte(`{"format": 1}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	first := create(t, Options{}, folder)
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.CopyFS(moved, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	second := create(t, Options{}, filepath.Join(moved, "4"), filepath.Join(moved, "2"), filepath.Join(moved, "1"), filepath.Join(moved, "3"))
	e, _ := judge(t, first)
	judge(t, second)
	if why := e.Doubtful[run.ProbeFile]; !why.IsZero() || e.Probe == nil {
		t.Errorf("the probe: %v, %s", e.Probe, why)
	}
	for _, name := range []string{
		run.ManifestFile, run.HistoryFile, run.StallsFile, run.GeneratorsFile, run.ClocksFile, run.ProbeFile, run.CloudWatchFile, run.AnomaliesFile, run.VerdictFile,
	} {
		a, errA := os.ReadFile(fileOf(t, first, name))
		b, errB := os.ReadFile(fileOf(t, second, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v, %v)", name, errA, errB)
		}
	}
}

// change edits the manifest of a generator in a folder.
func change(name string, edit func(*generator.Manifest)) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		dir := filepath.Join(folder, name)
		m, err := generator.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		edit(&m)
		if err := generator.Write(dir, m); err != nil {
			t.Fatal(err)
		}
	}
}

// overwrite edits a file.
func overwrite(name string, edit func([]byte) []byte) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		path := filepath.Join(folder, name)
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, edit(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// Each line names the generator and the field. F stands for the folder.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*testing.T, string)
		want   []string
	}{
		{"another run", change("3", func(m *generator.Manifest) { m.Run = "q" }), []string{"F/3: its run is q, and r in F/1"}},
		{"another seed", change("1", func(m *generator.Manifest) { m.Spec.RandSeed = 7 }), []string{"F/1: its rand_seed is 7, and "}},
		{"another date", change("2", func(m *generator.Manifest) { m.Spec.Date = "2030-01-16" }), []string{"F/2: its date is 2030-01-16, and "}},
		{"another load", change("2", func(m *generator.Manifest) { m.Spec.Operators++ }), []string{"F/2: its contention.operators is "}},
		{"another API file", change("2", func(m *generator.Manifest) { m.Spec.API, m.Spec.APIHash = "./x.yaml", "ab" }),
			[]string{"F/2: its api is ./x.yaml, and appointments in F/1", "F/2: its api_sha256 is ab, and not there in F/1"}},
		{"another version", change("4", func(m *generator.Manifest) { m.ToolVersion, m.K6Version = "v0", "v1" }),
			[]string{"F/4: its k6_version is v1, and ", "F/4: its tool_version is v0, and "}},
		{"twice the same", func(t *testing.T, folder string) {
			change("2", func(m *generator.Manifest) { m.Name = "1" })(t, folder)
		}, []string{"F/2: it is generator 1, which F/1 is already"}},
		{"a later run of the same name", change("2", func(m *generator.Manifest) {
			m.Start, m.End = m.Start.Add(time.Hour), m.End.Add(time.Hour)
		}), []string{"and F/1 from "}},
		{"a name that is a path", change("2", func(m *generator.Manifest) { m.Name = "../x" }), []string{`F/2: generator "../x" has no name of letters`}},
		{"without an end", change("2", func(m *generator.Manifest) { m.State = run.Running }),
			[]string{"F/2: generator 2 has no end: its state is running, so it was killed or still runs; --allow-missing"}},
		{"another sequence", change("2", func(m *generator.Manifest) { m.Sequence = "0,1/2,1" }), []string{"F/2: its sequence is 0,1/2,1, and 0,1/4,2/4,3/4,1 in F/1"}},
		{"overlapping segments", change("2", func(m *generator.Manifest) { m.Segment = "1/8:2/4" }), []string{"F/2: its segment 1/8:2/4 overlaps 0:1/4 of F/1"}},
		{"a segment of another sequence", change("2", func(m *generator.Manifest) { m.Segment = "3/8:2/4" }),
			[]string{"a generator's segment is none of the sequence 0,1/4,2/4,3/4,1"}},
		{"a segment that is none", change("2", func(m *generator.Manifest) { m.Segment = "x" }), []string{`F/2: segment "x" has no number where "x" stands`}},
		{"a hole", remove("2"), []string{"the generator of segment 1/4:1/2 is missing (sequence 0,1/4,2/4,3/4,1); --allow-missing"}},
		{"no manifest", remove("2/generator.json"), []string{"reading F/2/generator.json: no such file"}},
		{"a manifest that is cut off", overwrite("2/generator.json", func(b []byte) []byte { return b[:len(b)/2] }), []string{"reading F/2/generator.json:"}},
		{"another format", overwrite("2/generator.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"format": 3`), []byte(`"format": 4`), 1) }),
			[]string{"reading F/2/generator.json: the file is of format 4"}},
		{"no history", remove("2/history.csv"), []string{"reading F/2/history.csv: no such file"}},
		{"a byte of a history", overwrite("2/history.csv", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }),
			[]string{"F/2/history.csv: it is not the file that generator 2 wrote: its sha256 is "}},
		{"a cut history", overwrite("2/history.csv", func(b []byte) []byte { return b[:len(b)-5] }), []string{"F/2/history.csv: it is cut off within its last line"}},
		{"a history without its last line", overwrite("2/history.csv", func(b []byte) []byte {
			return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1]
		}), []string{"F/2/history.csv: it is not the file that generator 2 wrote"}},
		{"other stalls", overwrite("3/stalls.csv", func(b []byte) []byte { return b[:15] }), []string{"F/3/stalls.csv: it is not the file"}},
		{"no API file", func(t *testing.T, folder string) {
			for i := range 4 {
				change(fmt.Sprint(i+1), func(m *generator.Manifest) { m.Spec.API, m.Spec.APIHash = "./x.yaml", "ab" })(t, folder)
			}
		}, []string{"F/1/api.yaml: it is missing, and the API ./x.yaml does not come with occbench"}},
		{"another API file than declared", func(t *testing.T, folder string) {
			for i := range 4 {
				change(fmt.Sprint(i+1), func(m *generator.Manifest) { m.Spec.API, m.Spec.APIHash = "./x.yaml", "ab" })(t, folder)
			}
			if err := os.WriteFile(filepath.Join(folder, "3", run.APIFile), []byte("api: 1\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, []string{"F/3/api.yaml: it is not the API file of the run: its sha256 is "}},
		{"no sum", change("2", func(m *generator.Manifest) { m.Sums = nil }), []string{"F/2: its generator.json names no sha256 of history.csv"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := divided(t, 4, sample)
			c.change(t, folder)
			into := t.TempDir()
			out := filepath.Join(into, "run")
			_, err := Create(context.Background(), []string{folder}, out, Options{})
			var refused *Refusal
			if !errors.As(err, &refused) {
				t.Fatalf("%v, want a refusal", err)
			}
			if len(refused.Lines) != len(c.want) {
				t.Errorf("%d lines, want %d", len(refused.Lines), len(c.want))
			}
			for i, line := range refused.Lines {
				if line = strings.ReplaceAll(line, folder, "F"); i < len(c.want) && !strings.Contains(line, c.want[i]) {
					t.Errorf("says %q\nwant %q", line, c.want[i])
				}
			}
			left, err := os.ReadDir(into)
			if err != nil || len(left) > 0 {
				t.Errorf("%v is left behind (%v)", left, err)
			}
		})
	}
}

// What is no run's generator at all.
func TestRefusesDirectories(t *testing.T) {
	empty, folder := t.TempDir(), divided(t, 2, sample)
	for words, dirs := range map[string][]string{
		"there is no generator.json in " + empty:                         {empty},
		"raw/generator.json: no such file":                               {sample},
		"no such file":                                                   {filepath.Join(empty, "x")},
		"it is generator 1, which " + filepath.Join(folder, "1") + " is": {folder, filepath.Join(folder, "1")},
	} {
		_, err := Create(context.Background(), dirs, filepath.Join(empty, "run"), Options{})
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
}

// Operators of one number in two generators would be one to a reader of the history.
func TestRefusesOneOperatorTwice(t *testing.T) {
	folder := divided(t, 2, sample)
	one := filepath.Join(folder, "1")
	text, err := os.ReadFile(filepath.Join(one, run.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	two := filepath.Join(folder, "2")
	m, err := generator.Read(two)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, two, m, text)
	out := filepath.Join(t.TempDir(), "run")
	if _, err := Create(context.Background(), []string{folder}, out, Options{}); err == nil || !strings.Contains(err.Error(), "is one of generator 1 as well") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a run was written: %v", err)
	}
}

// A run that lacks a generator is never a PASS, and says which it lacks.
func TestAllowMissing(t *testing.T) {
	for _, c := range []struct {
		name, of string
		change   func(*testing.T, string)
		verdict  gate.Result
		words    string
	}{
		{"missing", sample, remove("2"), gate.Inconclusive, "the generator of segment 1/4:1/2 is missing"},
		{"killed", sample, func(t *testing.T, folder string) {
			change("2", func(m *generator.Manifest) { m.State, m.End, m.Sums = run.Running, time.Time{}, nil })(t, folder)
			overwrite("2/history.csv", func(b []byte) []byte { return b[:len(b)-5] })(t, folder)
		}, gate.Inconclusive, "generator 2 was killed before its end"},
		{"failed within a line", sample, func(t *testing.T, folder string) {
			overwrite("3/history.csv", func(b []byte) []byte { return b[:len(b)-5] })(t, folder)
			change("3", func(m *generator.Manifest) {
				text, err := os.ReadFile(filepath.Join(folder, "3", run.HistoryFile))
				if err != nil {
					t.Fatal(err)
				}
				m.State, m.Reason, m.Sums = run.Failed, "k6 was killed", map[string]string{run.HistoryFile: hashText(text)}
			})(t, folder)
		}, gate.Inconclusive, "generator 3: k6 was killed"},
		{"failed", sample, change("3", func(m *generator.Manifest) { m.State, m.Reason = run.Failed, "the disk is full" }),
			gate.Inconclusive, "generator 3: the disk is full"},
		{"missing, on a broken server", broken, remove("4"), gate.Fail, "the generator of segment 3/4:1 is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := divided(t, 4, c.of)
			c.change(t, folder)
			_, v := judge(t, create(t, Options{AllowMissing: true}, folder))
			if v.Verdict != c.verdict {
				t.Errorf("%s, want %s", v.Verdict, c.verdict)
			}
			if !slices.ContainsFunc(v.Reasons, func(r reason.Reason) bool { return strings.Contains(r.String(), c.words) }) {
				t.Errorf("%v, want %q", v.Reasons, c.words)
			}
		})
	}
}
