package pipeline

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

// judgeCopy returns a copy of a sample run, checked and judged by this
// version.
func judgeCopy(t *testing.T, sample string) run.Dir {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(path, os.DirFS(filepath.Join("..", "..", "load_test_results", sample))); err != nil {
		t.Fatal(err)
	}
	dir, err := run.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(dir, apitest.Appointments(t), false); err != nil {
		t.Fatal(err)
	}
	m, err := dir.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	probed := map[string]any{"verdict": "speaks", "run": evidence.RunName(&m)}
	if err := dir.WriteSealed(run.ProbeFile, probed); err != nil {
		t.Fatal(err)
	}
	return dir
}

// editFile replaces a text in a file of a run, with another of the same length or not.
func editFile(t *testing.T, dir run.Dir, name, old, text string) {
	t.Helper()
	data, err := os.ReadFile(dir.File(name))
	if err != nil || !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s has no %q (%v)", name, old, err)
	}
	if err := os.WriteFile(dir.File(name), bytes.Replace(data, []byte(old), []byte(text), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func judgeDir(t *testing.T, dir run.Dir) gate.Verdict {
	t.Helper()
	v, err := Gate(dir, gate.Default())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A file that was edited, or that is another run's, is not believed and named.
func TestForeignFilesAreInconclusive(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir run.Dir)
		want   string
	}{
		"nothing":                  {func(run.Dir) {}, ""},
		"an edited anomalies.json": {func(dir run.Dir) { editFile(t, dir, run.AnomaliesFile, `"unproven": 0`, `"unproven": 1`) }, "anomalies.json was changed after `occbench check` wrote it"},
		"another history": {func(dir run.Dir) {
			data, err := os.ReadFile(dir.File(run.HistoryFile))
			if err != nil {
				t.Fatal(err)
			}
			lines := bytes.SplitAfter(data, []byte("\n"))
			lines[5], lines[6] = lines[6], lines[5]
			if err := os.WriteFile(dir.File(run.HistoryFile), bytes.Join(lines, nil), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "anomalies.json is not of this history"},
		"an edited probe.json": {func(dir run.Dir) { editFile(t, dir, run.ProbeFile, "speaks", "speakz") }, "probe.json was changed"},
		"another run's probe.json": {func(dir run.Dir) {
			if err := dir.WriteSealed(run.ProbeFile, map[string]any{"verdict": "speaks", "run": "2030-01-15T08:15:00Z"}); err != nil {
				t.Fatal(err)
			}
		}, "probe.json is of another run"},
		"another history's cloudwatch.json": {func(dir run.Dir) {
			if err := dir.WriteSealed(run.CloudWatchFile, &telemetry.Report{Format: telemetry.Format, History: "xxh64:0"}); err != nil {
				t.Fatal(err)
			}
		}, "cloudwatch.json is not of this history"},
		"a decision that the history does not bear out": {func(dir run.Dir) {
			m, err := dir.ReadManifest()
			if err != nil {
				t.Fatal(err)
			}
			m.Spec.UntilDecided = true
			m.Decisions = []run.Decision{{Gate: gate.ErrorRate, Verdict: "FAIL", AfterS: 3, Limit: 0.01, Confidence: 0.95, BeforeNS: 3e9}}
			if err := dir.WriteManifest(m); err != nil {
				t.Fatal(err)
			}
		}, "manifest.json says that error_rate was decided (FAIL) after 3.0 s"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := judgeCopy(t, "sample-pass")
			c.change(dir)
			v := judgeDir(t, dir)
			if c.want == "" {
				if v.Verdict != gate.Pass {
					t.Errorf("%s %q", v.Verdict, v.Reasons)
				}
				return
			}
			if v.Verdict != gate.Inconclusive || !slices.ContainsFunc(v.Reasons, func(r reason.Reason) bool { return strings.Contains(r.Line(), c.want) }) {
				t.Errorf("%s %q, want %q", v.Verdict, v.Reasons, c.want)
			}
		})
	}
}

// A verdict is shown only beside the files that it rests on.
func TestVerdictIsWithdrawn(t *testing.T) {
	for name, old := range map[string][2]string{
		run.VerdictFile:   {`"verdict": "FAIL"`, `"verdict": "PASS"`},
		run.AnomaliesFile: {`"unproven": 0`, `"unproven": 1`},
		run.ManifestFile:  {`"shared_records": false`, `"shared_records": true`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := judgeCopy(t, "sample-lost-update")
			if v := judgeDir(t, dir); v.Verdict != gate.Fail {
				t.Fatalf("%s %q", v.Verdict, v.Reasons)
			}
			result, err := Read(dir)
			if err != nil || result.Verdict.Verdict != gate.Fail {
				t.Fatalf("%s %q, %v", result.Verdict.Verdict, result.Verdict.Reasons, err)
			}
			editFile(t, dir, name, old[0], old[1])
			result, err = Read(dir)
			if err != nil || result.Verdict.Verdict != gate.Inconclusive || len(result.Verdict.Reasons) != 1 || !strings.Contains(result.Verdict.Reasons[0].Line(), name+" was changed") {
				t.Errorf("%s %q, %v", result.Verdict.Verdict, result.Verdict.Reasons, err)
			}
		})
	}
}
