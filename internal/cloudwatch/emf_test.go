package cloudwatch

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

func TestEMFLine(t *testing.T) {
	var out bytes.Buffer
	second := Second{At: 1795444126, Attempts: 3, Conflicts: 1, Latencies: []Bucket{{5, 2}, {12.3, 1}}}
	if err := (EMF{&out, source}).Publish(t.Context(), []Second{second}); err != nil {
		t.Fatal(err)
	}
	want := `{"_aws":{"Timestamp":1795444126000,"CloudWatchMetrics":[{"Namespace":"EdgarAutoShop/MoveAPI","Dimensions":[["Service","Environment"],[]],` +
		`"Metrics":[{"Name":"OCCConflicts","Unit":"Count","StorageResolution":1},{"Name":"MoveLatency","Unit":"Milliseconds","StorageResolution":1}]}]},` +
		`"Service":"MoveAPI","Environment":"test","OCCConflicts":[1,0,0],"MoveLatency":[5,5,12.3]}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is written as lines is read back as what PutMetricData would have
// published, and also without dimensions: there the runbook's alarm sees it.
func TestEMFIsReadBack(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	start := e.Now()
	latencies := []Bucket{}
	for i := range 250 {
		latencies = append(latencies, Bucket{float64(i + 1), 1})
	}
	e.add(10 * time.Second)
	if err := (EMF{e.server.EMF(), source}).Publish(t.Context(), []Second{{At: start.Unix() + 3, Attempts: 250, Conflicts: 40, Latencies: latencies}}); err != nil {
		t.Fatal(err)
	}
	bare := telemetry.Identity{Namespace: source.Namespace, Name: telemetry.Conflicts}
	runbook := telemetry.DeclaredRules(source)[0]
	runbook.Name, runbook.Lines = "runbook", []telemetry.Line{{Metric: bare, Stat: "Sum", Watched: true}}
	if err := e.client.Apply(t.Context(), append(telemetry.DeclaredRules(source), runbook), nil, nil); err != nil {
		t.Fatal(err)
	}
	report, err := Pull(t.Context(), e.options(telemetry.Counts{Attempts: 250, Certain: 250, Conflicts: 40}, 10))
	if err != nil {
		t.Fatal(err)
	}
	if want := (telemetry.Server{Attempts: 250, Conflicts: 40, ConflictSamples: 250}); report.Server != want || report.AlarmsError != "" {
		t.Errorf("CloudWatch counts %+v, want %+v; alarms: %s", report.Server, want, report.AlarmsError)
	}
	for _, name := range []string{telemetry.HighConflictRate, "runbook"} {
		if a := alarmOf(report, name); a == nil || a.Fired() == nil || a.Blind != "" {
			t.Errorf("alarm %s: %+v, want it fired", name, a)
		}
	}
}

func alarmOf(r telemetry.Report, name string) *telemetry.Alarm {
	for i := range r.Alarms {
		if r.Alarms[i].Name == name {
			return &r.Alarms[i]
		}
	}
	return nil
}
