package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/telemetry"
)

// Telemetry is evidence once it agrees, and an alarm fails a run by what it did
// during it.
func TestTelemetry(t *testing.T) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	clients := telemetry.Counts{Attempts: 1020, Certain: 1020, Conflicts: 50}
	equal := telemetry.Server{Attempts: 1020, Conflicts: 50, ConflictSamples: 1020}
	quiet := telemetry.Alarm{Name: "ratio", Before: telemetry.StateOK, State: telemetry.StateOK}
	fired := telemetry.Alarm{Name: "slow", State: telemetry.StateOK, Changes: []telemetry.Change{
		{At: start.Add(7 * time.Second), From: telemetry.StateOK, To: telemetry.StateAlarm, Reason: "401 > 400"},
		{At: start.Add(9 * time.Second), From: telemetry.StateAlarm, To: telemetry.StateOK}}}
	tests := []struct {
		name      string
		report    *telemetry.Report
		without   bool
		telemetry Result // empty: the gate does not exist
		alarms    Result
		verdict   Result
		reason    string
	}{
		{name: "nobody asked", verdict: Pass},
		{name: "agrees", report: &telemetry.Report{Server: equal, Alarms: []telemetry.Alarm{quiet}}, telemetry: Pass, alarms: Pass, verdict: Pass},
		{name: "loses data", report: &telemetry.Report{Server: telemetry.Server{Attempts: 918, Conflicts: 45, ConflictSamples: 918}, Alarms: []telemetry.Alarm{quiet}},
			telemetry: Inconclusive, alarms: Pass, verdict: Inconclusive, reason: "telemetry: telemetry loses data: CloudWatch counts 918 attempts with 45 conflicts, the clients made 1,020 with 50"},
		{name: "foreign traffic", report: &telemetry.Report{Server: telemetry.Server{Attempts: 1021, Conflicts: 50, ConflictSamples: 1021}, Alarms: []telemetry.Alarm{quiet}},
			telemetry: Inconclusive, alarms: Pass, verdict: Inconclusive, reason: "telemetry: foreign traffic or double counting"},
		{name: "dead", report: &telemetry.Report{Alarms: []telemetry.Alarm{quiet}}, telemetry: Inconclusive, alarms: Pass, verdict: Inconclusive, reason: "telemetry: dead telemetry"},
		{name: "an alarm fired and recovered", report: &telemetry.Report{Window: telemetry.Window{Start: start, End: start.Add(time.Minute)}, Server: equal, Alarms: []telemetry.Alarm{quiet, fired}},
			telemetry: Pass, alarms: Fail, verdict: Fail, reason: "alarms: slow fired 7 s after the start: 401 > 400"},
		{name: "no alarms", report: &telemetry.Report{Server: equal}, telemetry: Pass, alarms: Inconclusive, verdict: Inconclusive, reason: "alarms: no alarm watches"},
		{name: "not pulled", report: &telemetry.Report{Error: "no region is known"}, telemetry: Inconclusive, alarms: Inconclusive, verdict: Inconclusive, reason: "not pulled: no region is known"},
		{name: "left out", report: &telemetry.Report{Error: "no region is known"}, without: true, verdict: Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Default()
			if tt.without {
				p.LeaveOutCloudWatch()
			}
			v := Judge(p, Evidence{Numbers: ran(p, 970, 50, 0, 20), Anomalies: clean(), CloudWatch: tt.report, Counts: clients})
			got := map[string]Result{}
			for _, g := range v.Gates {
				got[g.Name] = g.Verdict
			}
			if diff := cmp.Diff([]Result{tt.telemetry, tt.alarms, tt.verdict}, []Result{got[Telemetry], got[Alarms], v.Verdict}); diff != "" {
				t.Errorf("telemetry, alarms, verdict (-want +got)\n%s\n%v", diff, v.Reasons)
			}
			if tt.reason != "" && !slices.ContainsFunc(v.Reasons, func(r reason.Reason) bool { return strings.Contains(r.Line(), tt.reason) }) {
				t.Errorf("reasons %q lack %q", v.Reasons, tt.reason)
			}
			if tt.without != v.WithoutCloudWatch || tt.without != slices.Contains(v.SwitchedOff, Telemetry) || tt.without != slices.Contains(v.SwitchedOff, Alarms) {
				t.Errorf("without CloudWatch %v, switched off %v", v.WithoutCloudWatch, v.SwitchedOff)
			}
		})
	}
}
