package cwlocal

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
)

const (
	ruled   = `"AlarmName": "a", "EvaluationPeriods": 3, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"`
	watched = `"Namespace": "N", "MetricName": "m", "Period": 60`
	summed  = watched + `, "Statistic": "Sum"`
	onStat  = `"MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}`
)

func TestRefusedAlarms(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"no name", `"EvaluationPeriods": 1`, "AlarmName"},
		{"no periods", `"AlarmName": "a"`, "EvaluationPeriods"},
		{"no threshold", `"AlarmName": "a", "EvaluationPeriods": 1`, "Threshold"},
		{"no operator", `"AlarmName": "a", "EvaluationPeriods": 1, "Threshold": 1`, "ComparisonOperator"},
		{"an anomaly detector", summed + `, "AlarmName": "a", "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanUpperThreshold"`, "not supported"},
		{"4 out of 3", ruled + `, "DatapointsToAlarm": 4, ` + summed, "DatapointsToAlarm"},
		{"an unknown policy", ruled + `, "TreatMissingData": "hope", ` + summed, "Member must satisfy enum value set: [missing, ignore, breaching, notBreaching]"},
		{"low samples", ruled + `, "EvaluateLowSampleCountPercentile": "ignore", ` + summed, "not supported"},
		{"six actions", ruled + `, "OKActions": [` + repeated(6, `"arn"`) + `], ` + summed, "at most 5"},
		{"tags", ruled + `, "Tags": [], ` + summed, "Tags is not supported"},
		{"nothing to watch", ruled, "are required for an alarm on a single metric"},
		{"no statistic", ruled + `, ` + watched, "Exactly one of the parameters Statistic and ExtendedStatistic"},
		{"two statistics", ruled + `, "ExtendedStatistic": "p95", ` + summed, "Exactly one of the parameters Statistic and ExtendedStatistic"},
		{"a percentile as statistic", ruled + `, "Statistic": "p95", ` + watched, "enum value set"},
		{"a trimmed mean", ruled + `, "ExtendedStatistic": "tm90", ` + watched, "not supported"},
		{"a period of 5 s", ruled + `, "Statistic": "Sum", "Namespace": "N", "MetricName": "m", "Period": 5`, "10, 20, 30"},
		{"more than a day", ruled + `, "Statistic": "Sum", "Namespace": "N", "MetricName": "m", "Period": 43200, "EvaluationPeriods": 15`, "604800 seconds"},
		{"metrics and a metric", ruled + `, "Metrics": [{"Id": "a", ` + onStat + `}], ` + summed, "mutually exclusive"},
		{"two results", ruled + `, "Metrics": [{"Id": "a", ` + onStat + `}, {"Id": "b", ` + onStat + `}]`, "Exactly one element"},
		{"no result", ruled + `, "Metrics": [{"Id": "a", "ReturnData": false, ` + onStat + `}]`, "Exactly one element"},
		{"unknown math", ruled + `, "Metrics": [{"Id": "e", "Expression": "ANOMALY_DETECTION_BAND(a)"}]`, "not supported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newClock(noon).server(Options{})
			_, failure := ask(t, s, "PutMetricAlarm", "{"+c.input+"}")
			if !strings.HasPrefix(failure, "400 ValidationError: ") || !strings.Contains(failure, c.want) {
				t.Errorf("%q, want a ValidationError about %q", failure, c.want)
			}
			if len(s.state.alarms.ByName) > 0 {
				t.Error("the alarm was made all the same")
			}
		})
	}
}

func TestChangedAlarmKeepsItsState(t *testing.T) {
	s := newClock(noon).server(Options{MaxAlarms: 1})
	must(t, s, "PutMetricAlarm", "{"+ruled+", "+summed+"}")
	must(t, s, "SetAlarmState", `{"AlarmName": "a", "StateValue": "ALARM", "StateReason": "test"}`)
	must(t, s, "PutMetricAlarm", "{"+ruled+", "+summed+`, "DatapointsToAlarm": 2}`)
	a := s.state.alarms.ByName["a"]
	if a.State.Value != alarms.StateAlarm || a.CountNeeded() != 2 {
		t.Errorf("%s, %d datapoints; want ALARM, 2", a.State.Value, a.CountNeeded())
	}
	var summaries []string
	for _, item := range s.state.alarms.History.Items {
		summaries = append(summaries, item.HistorySummary)
	}
	want := []string{`Alarm "a" created`, "Alarm updated from INSUFFICIENT_DATA to ALARM", `Alarm "a" updated`}
	if diff := cmp.Diff(want, summaries); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	_, failure := ask(t, s, "PutMetricAlarm", "{"+strings.Replace(ruled, `"a"`, `"b"`, 1)+", "+summed+"}")
	if !strings.HasPrefix(failure, "400 LimitExceeded: ") {
		t.Errorf("%q for one alarm too many, want LimitExceeded", failure)
	}
}
