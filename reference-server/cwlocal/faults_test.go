package cwlocal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
)

func TestIngestionDelay(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{Faults: Faults{IngestionDelay: 2 * time.Minute}})
	put(t, s, `{"MetricName": "m", "Value": 1}`)
	clk.add(time.Minute)
	put(t, s, `{"MetricName": "m", "Value": 1}`)
	for _, c := range []struct {
		after   time.Duration
		want    string
		metrics int
	}{
		{59 * time.Second, "", 0},
		{time.Second, "12:00:00=1", 1},
		{59 * time.Second, "12:00:00=1", 1},
		{time.Second, "12:00:00=1 12:01:00=1", 1},
	} {
		clk.add(c.after)
		if got := askSeries(t, s, "Sum", 60); got != c.want {
			t.Errorf("at %s: %q, want %q", clk.now(), got, c.want)
		}
		if got := len(must(t, s, "ListMetrics", `{}`)["Metrics"].([]any)); got != c.metrics {
			t.Errorf("at %s: %d metrics, want %d", clk.now(), got, c.metrics)
		}
	}
}

func TestDropEvery(t *testing.T) {
	s := newClock(noon).server(Options{Faults: Faults{DropEvery: 10}})
	for range 100 {
		put(t, s, `{"MetricName": "m", "Value": 1}, {"MetricName": "n", "Value": 1}`)
	}
	if got := askSeries(t, s, "SampleCount", 60); got != "12:00:00=90" {
		t.Errorf("%s, want 90 of 100: the count is kept for each metric", got)
	}
}

func TestThrottleAndDeny(t *testing.T) {
	s := newClock(noon).server(Options{Faults: Faults{ThrottleEvery: 3, Deny: []string{"ListMetrics"}}})
	var got []string
	for _, op := range []string{"DescribeAlarms", "ListMetrics", "DescribeAlarms", "DescribeAlarms"} {
		_, failure := ask(t, s, op, `{}`)
		got = append(got, failure)
	}
	want := []string{"", "403 AccessDenied: User: local is not authorized to perform: cloudwatch:ListMetrics", "400 Throttling: Rate exceeded", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.SetFaults(Faults{})
	for range 6 {
		must(t, s, "ListMetrics", `{}`)
	}
}

func TestPartialEvery(t *testing.T) {
	s := newClock(noon).server(Options{Faults: Faults{PartialEvery: 2}})
	for i := range 4 {
		put(t, s, fmt.Sprintf(`{"MetricName": "m", "Value": 1, "Timestamp": "2026-11-23T11:5%d:00Z"}`, i))
	}
	for i, want := range []string{"Complete 4", "PartialData 2", "Complete 4"} {
		out := must(t, s, "GetMetricData", `{"StartTime": "2026-11-23T11:50:00Z", "EndTime": "2026-11-23T12:00:00Z",
			"MetricDataQueries": [{"Id": "q", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}}]}`)
		r := out["MetricDataResults"].([]any)[0].(map[string]any)
		if got := fmt.Sprintf("%s %d", r["StatusCode"], len(r["Values"].([]any))); got != want {
			t.Errorf("answer %d: %s, want %s", i+1, got, want)
		}
	}
}

// A paged operation: the list in its answer, and how its request begins.
var paged = []struct{ op, list, input string }{
	{"GetMetricData", "MetricDataResults", `"StartTime": "2026-11-23T11:00:00Z", "EndTime": "2026-11-23T12:30:00Z", "MetricDataQueries": [
		{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m0"}, "Period": 60, "Stat": "Sum"}},
		{"Id": "none", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "none"}, "Period": 60, "Stat": "Sum"}},
		{"Id": "b", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m1"}, "Period": 60, "Stat": "Sum"}, "Label": "b"},
		{"Id": "c", "Expression": "a + b"}]`},
	{"GetMetricData", "MetricDataResults", `"ScanBy": "TimestampAscending", "StartTime": "2026-11-23T11:00:00Z", "EndTime": "2026-11-23T12:30:00Z", "MetricDataQueries": [
		{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m0"}, "Period": 60, "Stat": "Sum"}}]`},
	{"ListMetrics", "Metrics", `"Namespace": "N"`},
	{"DescribeAlarms", "MetricAlarms", `"AlarmNamePrefix": "a"`},
	{"DescribeAlarmHistory", "AlarmHistoryItems", `"HistoryItemType": "StateUpdate"`},
	{"DescribeAlarmHistory", "AlarmHistoryItems", `"ScanBy": "TimestampAscending"`},
}

// TestPages puts pages of every size together again.
func TestPages(t *testing.T) {
	for i, c := range paged {
		t.Run(fmt.Sprint(c.op, i), func(t *testing.T) {
			clk := newClock(noon)
			s := clk.server(Options{})
			fillForPages(t, s, clk)
			whole := join1(t, must(t, s, c.op, "{"+c.input+"}")[c.list].([]any))
			for size := 1; size <= 8; size++ {
				s.SetFaults(Faults{PageSize: size})
				pages, list := 0, []any{}
				for token := ""; ; pages++ {
					out := must(t, s, c.op, fmt.Sprintf(`{%s, "NextToken": %q}`, c.input, token))
					list = append(list, out[c.list].([]any)...)
					next, more := out["NextToken"].(string)
					if !more {
						break
					}
					token = next
				}
				if diff := cmp.Diff(whole, join1(t, list)); diff != "" || size == 1 && pages < 5 {
					t.Fatalf("%d pages of %d (-whole +pages):\n%s", pages, size, diff)
				}
			}
		})
	}
}

func fillForPages(t *testing.T, s *Server, clk *clock) {
	t.Helper()
	for i := range 7 {
		put(t, s, fmt.Sprintf(`{"MetricName": "m%d", "Value": 1}, {"MetricName": "m0", "Value": 1}, {"MetricName": "m1", "Value": 1}`, i))
		must(t, s, "PutMetricAlarm", fmt.Sprintf(`{"AlarmName": "a%d", "Namespace": "N", "MetricName": "m", "Period": 60, "Statistic": "Sum",
			"EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "ignore"}`, i))
		must(t, s, "SetAlarmState", fmt.Sprintf(`{"AlarmName": "a%d", "StateValue": "OK", "StateReason": "test"}`, i))
		clk.add(time.Minute)
	}
}

// join1 joins the results of a query that its pages cut in pieces.
func join1(t *testing.T, list []any) []any {
	t.Helper()
	var out []any
	for _, item := range list {
		r := item.(map[string]any)
		if n := len(out); n > 0 && r["Id"] != nil && out[n-1].(map[string]any)["Id"] == r["Id"] {
			last := out[n-1].(map[string]any)
			if last["StatusCode"] != partialData {
				t.Errorf("%v goes on after it was %v", r["Id"], last["StatusCode"])
			}
			for _, name := range []string{"Timestamps", "Values"} {
				last[name] = append(last[name].([]any), r[name].([]any)...)
			}
			last["StatusCode"] = r["StatusCode"]
			continue
		}
		out = append(out, r)
	}
	return out
}

func TestTokensOfOtherRequests(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{Faults: Faults{PageSize: 1}})
	fillForPages(t, s, clk)
	for _, c := range paged {
		token := must(t, s, c.op, "{"+c.input+"}")["NextToken"].(string)
		for name, input := range map[string]string{
			"another request": fmt.Sprintf(`{%s, "NextToken": %q}`, strings.Replace(c.input, `"N"`, `"M"`, 1)+otherPage(c.op), token),
			"a cut token":     fmt.Sprintf(`{%s, "NextToken": %q}`, c.input, token[:len(token)-1]),
			"a longer token":  fmt.Sprintf(`{%s, "NextToken": %q}`, c.input, token+"AAAA"),
			"not a token":     fmt.Sprintf(`{%s, "NextToken": "?"}`, c.input),
		} {
			if _, failure := ask(t, s, c.op, input); !strings.HasPrefix(failure, "400 InvalidNextToken: ") {
				t.Errorf("%s, %s: %q, want InvalidNextToken", c.op, name, failure)
			}
		}
	}
}

// otherPage makes a request another one where it names no namespace.
func otherPage(op string) string {
	if strings.HasPrefix(op, "DescribeAlarm") {
		return `, "MaxRecords": 7`
	}
	return ""
}

func TestHistoryIsBounded(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{MaxHistory: 30})
	fillForPages(t, s, clk)
	for i := range 100 {
		must(t, s, "SetAlarmState", fmt.Sprintf(`{"AlarmName": "a0", "StateValue": %q, "StateReason": "test"}`, []string{alarms.StateAlarm, alarms.StateOK}[i%2]))
		clk.add(time.Second)
	}
	if n := len(s.state.alarms.History.Items); n > 30 || n < 20 {
		t.Errorf("%d items are kept, want about 30", n)
	}
	if _, failure := ask(t, s, "DescribeAlarmHistory", `{"AlarmName": "a0"}`); !strings.Contains(failure, "no longer holds all history") {
		t.Errorf("%q, want it to say that history is missing", failure)
	}
	out := must(t, s, "DescribeAlarmHistory", `{"AlarmName": "a0", "StartDate": "2026-11-23T12:08:35Z"}`)
	if n := len(out["AlarmHistoryItems"].([]any)); n != 5 {
		t.Errorf("%d items of the last 5 s, want 5", n)
	}
}
