package command

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// A reason that quotes a target must not become a workflow command.
func TestTellGitHub(t *testing.T) {
	summary, outputs := filepath.Join(t.TempDir(), "summary.md"), filepath.Join(t.TempDir(), "outputs")
	var stderr bytes.Buffer
	env := Env{Stderr: &stderr, Getenv: func(name string) (string, bool) {
		v, ok := map[string]string{"GITHUB_STEP_SUMMARY": summary, "GITHUB_OUTPUT": outputs, "GITHUB_ACTIONS": "true"}[name]
		return v, ok
	}}
	run := view.Run{Directory: "results/k6_move_20300115_081500", Verdict: gate.Verdict{Verdict: gate.Fail, Reasons: []reason.Reason{reason.FromText("100 % wrong\n::set-output name=x::y")}}}
	for i := range 20 {
		run.Verdict.Reasons = append(run.Verdict.Reasons, reason.FromText(fmt.Sprint("reason ", i)))
	}
	if err := ReportToGitHub(env, run); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	if len(lines) != maxAnnotations || lines[0] != "::warning title=occbench FAIL::100 %25 wrong; ::set-output name=x::y" {
		t.Errorf("%d annotations, the first is %q", len(lines), lines[0])
	}
	text, err := os.ReadFile(summary)
	if err != nil || !strings.Contains(string(text), "FAIL") {
		t.Errorf("summary %.60q, %v", text, err)
	}
	text, err = os.ReadFile(outputs)
	if err != nil || string(text) != "verdict=FAIL\nrun=results/k6_move_20300115_081500\n" {
		t.Errorf("outputs %q, %v", text, err)
	}
}

// What failed is an error under the gate's title, an invariant one of its own; what was
// not exercised is a warning.
func TestAnnotationsByGate(t *testing.T) {
	lost := check.Anomaly{ID: check.OCC01, Title: "lost update", Sentence: "Two updates: both confirmed, one gone."}
	run := view.Run{Anomalies: &check.Report{Judged: true, Anomalies: []check.Anomaly{lost}}, Verdict: gate.Verdict{Verdict: gate.Fail, Gates: []gate.Gate{
		{Name: gate.AnomalyCount, Verdict: gate.Fail}, {Name: gate.P95, Verdict: gate.Fail},
		{Name: gate.Recovery, Verdict: gate.Inconclusive, Reason: reason.New("no_conflict")},
	}}}
	var got []string
	for _, g := range []string{gate.AnomalyCount, gate.P95, gate.Recovery} {
		why := reason.New("no_conflict")
		why.Gate = g
		got = append(got, annotateReason(run, why)...)
	}
	for i, want := range []string{
		"::error title=lost update (OCC-01)::Two updates: both confirmed, one gone.",
		"::error title=p95 latency::",
		"::warning title=Recovery after a conflict%3A not exercised::",
	} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A path must not become an output of its own.
func TestOutputsRefuseALineBreak(t *testing.T) {
	outputs := filepath.Join(t.TempDir(), "outputs")
	err := appendOutputs(outputs, view.Run{Directory: "a\nverdict=PASS", Verdict: gate.Verdict{Verdict: gate.Fail}})
	if err == nil {
		t.Error("accepted")
	}
	if text, err := os.ReadFile(outputs); err == nil {
		t.Errorf("written: %q", text)
	}
}

func TestTellGitHubNothingOnAPass(t *testing.T) {
	var stderr bytes.Buffer
	env := Env{Stderr: &stderr, Getenv: func(name string) (string, bool) { return "true", name == "GITHUB_ACTIONS" }}
	result := view.Run{Verdict: gate.Verdict{Verdict: gate.Pass}}
	if err := ReportToGitHub(env, result); err != nil || stderr.Len() > 0 {
		t.Errorf("%q, %v", stderr.String(), err)
	}
	result.Manifest = &run.Manifest{}
	result.Manifest.Spec.Store = "sqlite"
	const want = "::warning title=occbench::This tested occbench's own demo server, not your API.\n"
	if err := ReportToGitHub(env, result); err != nil || stderr.String() != want {
		t.Errorf("a demonstration: %q, %v", stderr.String(), err)
	}
}
