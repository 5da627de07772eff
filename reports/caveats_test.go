package reports

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// drawAll returns a run in every format, without the escapes and line breaks
// of each.
func drawAll(t *testing.T, run view.Run) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range Formats() {
		var b bytes.Buffer
		if err := f.Write(&b, run); err != nil {
			t.Fatal(err)
		}
		all[f.Name] = strings.ReplaceAll(html.UnescapeString(strings.Join(strings.Fields(b.String()), " ")), `\`, "")
	}
	return all
}

// A run of occbench's own server is evidence of no user's API.
func TestDemonstrationIsTold(t *testing.T) {
	tested := view.Run{Manifest: &run.Manifest{State: run.Complete}, Verdict: gate.Verdict{Verdict: gate.Pass}}
	tested.Manifest.Spec.Store = "sqlite"
	for _, fault := range []string{"", "lost-update"} {
		tested.Manifest.Spec.Fault = fault
		for name, text := range drawAll(t, tested) {
			want := "This tested occbench's own demo server, not your API."
			if name == "openmetrics" {
				want = `demonstration="true"`
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say so:\n%s", name, text)
			}
		}
	}
	tested.Manifest.Spec.Store = ""
	for name, text := range drawAll(t, tested) {
		if strings.Contains(text, "demo server") || strings.Contains(text, `demonstration="true"`) {
			t.Errorf("%s calls a target of the user's a demonstration", name)
		}
	}
}

// The line of the verdict says which gates were not asked, and an anomaly that was
// proven all the same is told below it.
func TestSwitchedOffGatesAreToldFirst(t *testing.T) {
	run := view.Run{Verdict: gate.Verdict{Verdict: gate.Pass, Gates: []gate.Gate{{Name: gate.ConflictRate, Verdict: gate.Pass}, {Name: gate.Telemetry, Verdict: gate.Pass}, {Name: gate.Alarms, Verdict: gate.Pass}},
		SwitchedOff: []string{gate.ErrorRate, gate.P95, gate.Recovery, gate.AnomalyCount}},
		Anomalies: &check.Report{Judged: true, Anomalies: []check.Anomaly{
			{ID: 1, Title: "lost update", Count: 3, Sentence: "two updates own version 4 of record 1"},
			{ID: 9, Title: "torn record", Count: 2, Sentence: "version 5 has two states"},
		}}}
	var b bytes.Buffer
	if err := text.Plain.Report(&b, run); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\nPASS of 3 gates; 4 switched off: error_rate, p95_ms, recovery, anomalies\n") {
		t.Errorf("no line says it:\n%s", b.String())
	}
	const proven = "The gate anomalies is switched off, and 5 anomalies were proven all the same (OCC-01 × 3, OCC-09 × 2): two updates own version 4 of record 1."
	for name, text := range drawAll(t, run) {
		if name == "openmetrics" {
			if !strings.Contains(text, `occbench_gate_switched_off{gate="anomalies"} 1`) {
				t.Errorf("%s:\n%s", name, text)
			}
			continue
		}
		if !strings.Contains(text, "of 3 gates; 4 switched off: error_rate, p95_ms, recovery, anomalies") || !strings.Contains(text, proven) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	run.Verdict.Verdict = gate.Fail
	if got := view.Headline("FAIL", run.Verdict); got != "FAIL (4 gates switched off: error_rate, p95_ms, recovery, anomalies)" {
		t.Error(got)
	}
	// What the policy tolerates is not what is shown of the rest.
	run.Verdict.Tolerated = []string{"OCC-01"}
	if text := strings.Join(view.Caveats(run), " "); !strings.Contains(text, "version 5 has two states") {
		t.Error(text)
	}
	run.Verdict.SwitchedOff = slices.DeleteFunc(run.Verdict.SwitchedOff, func(name string) bool { return name == gate.AnomalyCount })
	if lines := view.Caveats(run); len(lines) > 0 {
		t.Errorf("a gate that is asked speaks for itself: %q", lines)
	}
}
