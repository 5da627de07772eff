package reports

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/view"
)

// newTelemetry returns the telemetry of a run with so many attempts, in
// periods of 10 s from the full minute before it on.
func newTelemetry(base time.Time, attempts int) *telemetry.Report {
	r := &telemetry.Report{
		Format: telemetry.Format, Pulled: base.Add(3 * time.Minute), Source: telemetry.Source{Namespace: telemetry.Namespace, Stage: "prod", Region: "eu-central-1"},
		Window: telemetry.RunWindow(base, base.Add(52*time.Second)), GrainS: 1, PeriodS: 10, Server: telemetry.Server{Attempts: attempts, Conflicts: 38, ConflictSamples: attempts},
		Percentiles: &telemetry.Percentiles{Samples: attempts, P50MS: 9, P95MS: 20, P99MS: 30, MaxMS: 40},
		Alarms: []telemetry.Alarm{{Name: telemetry.HighConflictRatio, Watches: "conflicts of attempts > 10 %", Before: telemetry.StateOK, State: telemetry.StateOK,
			Changes: []telemetry.Change{{At: base.Add(20 * time.Second), From: telemetry.StateOK, To: telemetry.StateAlarm, Reason: "Threshold Crossed"},
				{At: base.Add(40 * time.Second), From: telemetry.StateAlarm, To: telemetry.StateOK, Reason: "it is over"}}}},
		AlarmsUntil: base.Add(2 * time.Minute),
	}
	for at := base.Truncate(time.Minute); at.Before(base.Add(time.Minute)); at = at.Add(10 * time.Second) {
		p95 := 19.5
		p := telemetry.Point{At: at, Attempts: attempts / 5, Conflicts: 8, P95MS: &p95}
		if at.Before(base) {
			p = telemetry.Point{At: at}
		}
		r.Points = append(r.Points, p)
	}
	return r
}

// newWatchedRun returns a run with telemetry.
func newWatchedRun(t *testing.T) view.Run {
	p := gate.Default()
	n, line := playSample(p, sample{moved: 920, conflicts: 38, ms: 12, audited: true})
	run := view.Run{Directory: "load_test_results/k6_move_20261123_105000", Manifest: readManifest(t), Numbers: n, Timeline: line, Counts: telemetry.Counts{Attempts: 1036, Certain: 1036, Conflicts: 38}}
	run.Manifest.Base = run.Manifest.Start.Add(25 * time.Second)
	run.Manifest.Spec.Store = ""
	run.CloudWatch = newTelemetry(run.Manifest.Base, 1036)
	run.Verdict = gate.Judge(p, gate.Evidence{Numbers: n, Anomalies: &gate.Anomalies{Judged: true, Operations: 2100}, CloudWatch: run.CloudWatch, Counts: run.Counts})
	return run
}

// Both accounts are drawn on one clock: the series begins before the run, which
// is marked, and the alarm fires within it.
func TestServerIsLaidOverItsClients(t *testing.T) {
	run := newWatchedRun(t)
	c := chart.DrawServer(run)
	if c == nil || len(c.Panels) != 3 || len(c.Marks) != 2 {
		t.Fatalf("%+v", c)
	}
	if !(c.Left < c.RunFrom && c.RunFrom < c.Marks[0].At && c.Marks[0].At < c.Marks[1].At && c.Marks[1].At < c.RunTo && c.RunTo <= c.Right) {
		t.Errorf("run from %v to %v within %v to %v, alarms at %v", c.RunFrom, c.RunTo, c.Left, c.Right, c.Marks)
	}
	for _, p := range c.Panels {
		if p.Clients == "" || p.Server == "" || p.Alt == "" {
			t.Errorf("%+v", p)
		}
	}
	page := writeRun(t, Format{Write: html.Report}, run)
	for _, want := range []string{"Server-side metrics", "the run</text>", "MoveAPI-HighConflictRatio went from OK to ALARM after 20.0 s."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// What cannot be laid over each other is not drawn.
func TestServerIsNotDrawn(t *testing.T) {
	for name, change := range map[string]func(*view.Run){
		"nobody asked":         func(r *view.Run) { r.CloudWatch = nil },
		"it could not be":      func(r *view.Run) { r.CloudWatch.Error = "no credentials" },
		"no points":            func(r *view.Run) { r.CloudWatch.Points = nil },
		"no period":            func(r *view.Run) { r.CloudWatch.PeriodS = 0 },
		"no base":              func(r *view.Run) { r.Manifest.Base = time.Time{} },
		"no history":           func(r *view.Run) { r.Timeline = nil },
		"another day's series": func(r *view.Run) { r.CloudWatch.Points[0].At = r.Manifest.Base.AddDate(0, 0, -1) },
	} {
		run := newWatchedRun(t)
		change(&run)
		if c := chart.DrawServer(run); c != nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// An alarm that flaps does not cover the chart.
func TestFlappingAlarm(t *testing.T) {
	run := newWatchedRun(t)
	a := &run.CloudWatch.Alarms[0]
	for i := range 1000 {
		a.Changes = append(a.Changes, telemetry.Change{At: run.Manifest.Base.Add(time.Duration(i) * 50 * time.Millisecond), From: fmt.Sprint(i), To: "ALARM"})
	}
	if c := chart.DrawServer(run); len(c.Marks) != 12 {
		t.Errorf("%d marks", len(c.Marks))
	}
}
