package cloudwatch

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// What is applied exists as declared, and applying it again keeps whom an alarm
// calls.
func TestApply(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{Faults: cwlocal.Faults{PageSize: 1}})
	declared := telemetry.DeclaredRules(source)
	apply := func(rules []telemetry.Rule, actions ...string) []telemetry.Rule {
		t.Helper()
		existing, err := e.client.ListRules(t.Context(), source.Namespace)
		if err == nil {
			err = e.client.Apply(t.Context(), rules, existing, actions)
		}
		if err == nil {
			existing, err = e.client.ListRules(t.Context(), source.Namespace)
		}
		if err != nil {
			t.Fatal(err)
		}
		return existing
	}
	if diff := cmp.Diff([]telemetry.Difference(nil), telemetry.Compare(declared, apply(declared))); diff != "" {
		t.Errorf("applied and declared differ (-want +got)\n%s", diff)
	}
	const mine, new = "arn:aws:sns:us-east-1:0:mine", "arn:aws:sns:us-east-1:0:new"
	apply(declared, mine)
	for _, r := range apply(declared, new) {
		if !slices.Equal(r.Actions, []string{mine, new}) {
			t.Errorf("%s calls %v", r.Name, r.Actions)
		}
	}
	changed := slices.Clone(declared)
	changed[0].Threshold, changed[2].Lines = 60, []telemetry.Line{{Metric: source.Metric(telemetry.Latency), Stat: "p99", Watched: true}}
	if got := telemetry.Compare(declared, apply(changed)); len(got) != 2 {
		t.Errorf("differences %v, want the threshold and the statistic", got)
	}
}

// The runbook's alarm as it stands, without dimensions, never fires while the
// applied one does; lint knows beforehand.
func TestTheAlarmThatCouldNeverFire(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	runbook := telemetry.DeclaredRules(source)[0]
	runbook.Name, runbook.Lines = "runbook", []telemetry.Line{{Metric: telemetry.Identity{Namespace: source.Namespace, Name: telemetry.Conflicts}, Stat: "Sum", Watched: true}}
	if err := e.client.Apply(t.Context(), append(telemetry.DeclaredRules(source), runbook), nil, nil); err != nil {
		t.Fatal(err)
	}
	want := e.play(t, source, 60)
	report, err := Pull(t.Context(), e.options(want, 60))
	if err != nil {
		t.Fatal(err)
	}
	if a := alarmOf(report, "runbook"); a == nil || a.State != telemetry.StateInsufficient || !strings.Contains(a.Blind, "OCCConflicts {} is not published") {
		t.Errorf("the runbook's alarm: %+v", a)
	}
	if a := alarmOf(report, telemetry.HighConflictRate); a == nil || a.Fired() == nil || a.Count == nil {
		t.Errorf("the applied alarm: %+v", a)
	}
	if a := alarmOf(report, telemetry.HighConflictRatio); a == nil || a.Fired() != nil || a.State != telemetry.StateOK {
		t.Errorf("the alarm on the share: %+v", a)
	}
	published, err := e.client.ListPublished(t.Context(), source.Namespace)
	if err != nil {
		t.Fatal(err)
	}
	remarks := telemetry.Lint([]telemetry.Rule{runbook}, published, telemetry.Load{})
	if !slices.ContainsFunc(remarks, func(r telemetry.Remark) bool { return r.Never }) {
		t.Errorf("lint says %v", remarks)
	}
	if q := telemetry.JudgeAlarms(&report, 0.2, telemetry.Counts{}); !q.Unknown || !strings.Contains(q.Why.String(), "runbook can never fire") {
		t.Errorf("watched: %+v", q)
	}
}

// An alarm that fired during the run and recovered fired.
func TestFiredIsHistory(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{EvaluationInterval: 10 * time.Second})
	if err := e.client.Apply(t.Context(), telemetry.DeclaredRules(source)[1:2], nil, nil); err != nil {
		t.Fatal(err)
	}
	start := e.Now()
	batch := func(after, attempts, conflicts int) {
		t.Helper()
		s := Second{At: start.Unix() + int64(after), Attempts: attempts, Conflicts: conflicts, Latencies: []Bucket{{5, attempts}}}
		if err := (PutMetricData{e.client, source}).Publish(t.Context(), []Second{s}); err != nil {
			t.Fatal(err)
		}
	}
	e.add(2 * time.Second)
	batch(1, 400, 100)
	e.add(30 * time.Second)
	batch(30, 4000, 0)
	e.add(28 * time.Second)
	report, err := Pull(t.Context(), e.options(telemetry.Counts{Attempts: 4400, Certain: 4400, Conflicts: 100}, 60))
	if err != nil {
		t.Fatal(err)
	}
	a := alarmOf(report, telemetry.HighConflictRatio)
	if a == nil || a.State != telemetry.StateOK || a.Fired() == nil {
		t.Fatalf("alarm %+v, want one that fired and is OK", a)
	}
	if q := telemetry.JudgeAlarms(&report, 0.1, telemetry.Counts{}); !q.Fired || !strings.Contains(q.Why.String(), "MoveAPI-HighConflictRatio fired") {
		t.Errorf("watched: %+v", q)
	}
}

// An alarm that takes values of one unit alone is another alarm, on a metric and in
// metric math.
func TestUnitIsADifference(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	declared := telemetry.DeclaredRules(source)[1:]
	for _, r := range declared {
		in := newAlarmInput(r)
		if in.MetricName != nil {
			in.Unit = types.StandardUnitSeconds
		} else {
			in.Metrics[2].MetricStat.Unit = types.StandardUnitSeconds
		}
		if err := e.client.putAlarm(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	existing, err := e.client.ListRules(t.Context(), source.Namespace)
	if err != nil {
		t.Fatal(err)
	}
	if got := telemetry.Compare(declared, existing); len(got) != 2 || got[0].Field != "metrics" || got[1].Field != "metrics" {
		t.Errorf("differences %v, want those of the metrics", got)
	}
	for _, r := range existing {
		if words := r.ExplainBlind([]telemetry.Identity{source.Metric(telemetry.Conflicts), source.Metric(telemetry.Latency)}); !strings.Contains(words, "it asks for MoveLatency in Seconds") {
			t.Errorf("%s: %q", r.Name, words)
		}
	}
}

// A pull a day later finds the service idle, and may find alarms that were
// made since: what counts is how they stood during the run.
func TestPulledLater(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	if err := e.client.Apply(t.Context(), telemetry.DeclaredRules(source)[1:], nil, nil); err != nil {
		t.Fatal(err)
	}
	e.play(t, source, 300)
	e.add(time.Minute)
	want := e.play(t, source, 60)
	o := e.options(want, 60)
	e.add(24 * time.Hour)
	late := telemetry.DeclaredRules(source)[0]
	late.Name = "made later"
	if err := e.client.Apply(t.Context(), []telemetry.Rule{late}, nil, nil); err != nil {
		t.Fatal(err)
	}
	e.play(t, source, 120)
	e.add(time.Hour)
	report, err := Pull(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range report.Alarms {
		got[a.Name] = a.Before + " then " + a.State
	}
	stood := map[string]string{telemetry.HighConflictRatio: "OK then INSUFFICIENT_DATA", telemetry.HighLatency: "OK then INSUFFICIENT_DATA", "made later": "INSUFFICIENT_DATA then INSUFFICIENT_DATA"}
	if diff := cmp.Diff(stood, got); diff != "" {
		t.Errorf("states before the run and now (-want +got)\n%s", diff)
	}
	if q := telemetry.JudgeAlarms(&report, 0.1, telemetry.Counts{}); !q.Unknown || q.Alarms != 2 || !strings.HasPrefix(q.Why.String(), "made later had no data to judge") {
		t.Errorf("watched: %+v", q)
	}
}

func TestCommandLine(t *testing.T) {
	rules := telemetry.DeclaredRules(source)
	want := `aws cloudwatch put-metric-alarm --region us-east-1 --endpoint-url http://127.0.0.1:1 --alarm-name MoveAPI-HighConflictRate` +
		` --alarm-description 'More than 30 conflicts in 5 minutes, as the runbook has it.' --namespace EdgarAutoShop/MoveAPI --metric-name OCCConflicts` +
		` --dimensions Name=Service,Value=MoveAPI Name=Environment,Value=test --statistic Sum --period 300 --evaluation-periods 1 --datapoints-to-alarm 1` +
		` --comparison-operator GreaterThanThreshold --threshold 30 --treat-missing-data missing --actions-enabled`
	if diff := cmp.Diff(want, FormatCommand(rules[0], "us-east-1", "http://127.0.0.1:1")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	math := FormatCommand(rules[1], "us-east-1", "")
	_, rest, _ := strings.Cut(math, "--metrics '")
	text, _, ok := strings.Cut(rest, "' --evaluation-periods")
	var lines []map[string]any
	if err := json.Unmarshal([]byte(text), &lines); err != nil || !ok || len(lines) != 3 || lines[0]["Expression"] != "IF(a >= 300, 100 * c / a, 0)" {
		t.Errorf("error %v in %s", err, math)
	}
	if slow := FormatCommand(rules[2], "us-east-1", ""); !strings.Contains(slow, "--extended-statistic p95 ") {
		t.Error(slow)
	}
}
