package reports

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/view"
)

// Every report says what is known of the server's own metrics, and what is not.
func TestCloudWatchIsTold(t *testing.T) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	pulled := func(change func(*telemetry.Report)) *telemetry.Report {
		r := &telemetry.Report{Source: telemetry.Source{Region: "eu-central-1", Namespace: telemetry.Namespace, Stage: "prod"},
			Window: telemetry.Window{Start: start, End: start.Add(time.Minute)}, Server: telemetry.Server{Attempts: 100, Conflicts: 4, ConflictSamples: 100},
			Percentiles: &telemetry.Percentiles{Samples: 100, P50MS: 2, P95MS: 7, P99MS: 8, MaxMS: 9}}
		if change != nil {
			change(r)
		}
		return r
	}
	flapping := telemetry.Alarm{Name: "flaps", Watches: "p95 > 400", State: telemetry.StateOK}
	for i := range 9 {
		flapping.Changes = append(flapping.Changes, telemetry.Change{At: start.Add(time.Duration(i) * time.Second), To: telemetry.StateAlarm})
	}
	tests := []struct {
		name     string
		run      view.Run
		text     []string // in the report as text
		untested string   // empty: it was tested
	}{
		{name: "nobody looked", untested: "were not looked at"},
		{name: "left out", run: view.Run{CloudWatch: pulled(nil), Verdict: gate.Verdict{WithoutCloudWatch: true}}, untested: "left out on request (--without-cloudwatch)"},
		{name: "not had", run: view.Run{CloudWatch: pulled(func(r *telemetry.Report) { r.Error = "no region is known; give --aws-region" })},
			text: []string{"not pulled: no region is known; give --aws-region"}, untested: "could not be had"},
		{name: "side by side", run: view.Run{CloudWatch: pulled(nil), Counts: telemetry.Counts{Attempts: 100, Certain: 100, Conflicts: 4}},
			text: []string{"attempts          100      100", "conflicts           4        4", "p95", "7 ms", "alarms: none watches these metrics"}},
		{name: "of a function", run: view.Run{CloudWatch: pulled(func(r *telemetry.Report) {
			r.Lambda = &telemetry.Lambda{Invocations: new(812.0), DurationP95MS: new(30.5)}
		})},
			text: []string{"Lambda invocations: 812", "Lambda throttles: no data", "Lambda duration, p95: 30.5 ms"}},
		{name: "alarms", run: view.Run{CloudWatch: pulled(func(r *telemetry.Report) {
			r.Alarms = []telemetry.Alarm{flapping, {Name: "blind", Watches: "Sum > 30", Before: telemetry.StateInsufficient, State: telemetry.StateOK, Blind: "it is not published"}}
		})}, text: []string{"flaps: p95 > 400; ALARM after 0.0 s", "3 more changes", "blind: Sum > 30; can never fire: it is not published, no change, INSUFFICIENT_DATA"}},
		{name: "alarms not had", run: view.Run{CloudWatch: pulled(func(r *telemetry.Report) { r.AlarmsError = "AccessDenied" })}, text: []string{"alarms: not pulled: AccessDenied"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var text, object bytes.Buffer
			for format, w := range map[string]*bytes.Buffer{"text": &text, "json": &object} {
				for _, f := range Formats() {
					if f.Name == format {
						if err := f.Write(w, tt.run); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			words := strings.Join(strings.Fields(text.String()), " ")
			for _, want := range tt.text {
				if !strings.Contains(words, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("the text lacks %q:\n%s", want, text.String())
				}
			}
			left := strings.Join(view.ListUntested(tt.run), "\n")
			if told := strings.Contains(left, "(CloudWatch)"); told != (tt.untested != "") || !strings.Contains(left, tt.untested) {
				t.Errorf("not tested: %s\nwant %q", left, tt.untested)
			}
			var o struct{ Telemetry *struct{ Finding string } }
			if err := json.Unmarshal(object.Bytes(), &o); err != nil || (o.Telemetry == nil) != (tt.run.CloudWatch == nil) {
				t.Errorf("the object has the observation %+v, error %v", o.Telemetry, err)
			}
		})
	}
}
