package cwlocal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

func TestBuckets(t *testing.T) {
	s := newClock(noon).server(Options{})
	for _, at := range []string{"11:51:00", "11:57:07", "11:57:59", "11:58:30", "12:00:00"} {
		put(t, s, `{"MetricName": "m", "Value": 1, "StorageResolution": 1, "Timestamp": "2026-11-23T`+at+`Z"},
			{"MetricName": "coarse", "Value": 1, "Timestamp": "2026-11-23T`+at+`Z"}`)
	}
	for _, c := range []struct {
		name, metric, start, end string
		period                   int
		want                     string
	}{
		{"from the start, not from the hour", "m", "11:52:42", "12:30:00", 300, "11:57:00=4"},
		{"one bucket for the whole run", "m", "11:57:01", "12:00:01", 240, "11:57:00=4"},
		{"the end is exclusive", "m", "11:57:00", "12:00:00", 240, "11:57:00=3"},
		{"also within a bucket", "m", "11:57:00", "11:57:59", 60, "11:57:00=1"},
		{"a second that has begun counts", "m", "11:57:00", "11:57:59.5", 60, "11:57:00=2"},
		{"a short period rounds the start to itself", "m", "11:57:09", "11:59:00", 10, "11:57:00=1 11:57:50=1 11:58:30=1"},
		{"seconds", "m", "11:57:07", "11:58:00", 1, "11:57:07=1 11:57:59=1"},
		{"data by the minute is stamped with it", "coarse", "11:57:30", "12:00:01", 10, "11:58:00=1 12:00:00=1"},
		{"a minute's start rounds down to it", "coarse", "11:57:30", "12:00:01", 60, "11:57:00=2 11:58:00=1 12:00:00=1"},
		{"the future is empty", "m", "13:00:00", "14:00:00", 60, ""},
		{"a metric that nobody published", "none", "11:00:00", "12:01:00", 60, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := must(t, s, "GetMetricData", fmt.Sprintf(`{"StartTime": "2026-11-23T%sZ", "EndTime": "2026-11-23T%sZ", "ScanBy": "TimestampAscending",
				"MetricDataQueries": [{"Id": "q", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": %q}, "Period": %d, "Stat": "Sum"}}]}`,
				c.start, c.end, c.metric, c.period))
			result := out["MetricDataResults"].([]any)[0].(map[string]any)
			if got := shown(result); got != c.want || result["StatusCode"] != complete {
				t.Errorf("%s %s, want %s Complete", got, result["StatusCode"], c.want)
			}
		})
	}
}

// TestScanOrder keeps each value with its time in both orders; the newest comes
// first unless asked otherwise.
func TestScanOrder(t *testing.T) {
	s := newClock(noon).server(Options{})
	put(t, s, `{"MetricName": "m", "Value": 1, "Timestamp": "2026-11-23T11:58:00Z"}, {"MetricName": "m", "Value": 2, "Timestamp": "2026-11-23T11:59:00Z"}`)
	for scan, want := range map[string]string{
		"":                      "11:59:00=2 11:58:00=1",
		protocol.ScanDescending: "11:59:00=2 11:58:00=1",
		protocol.ScanAscending:  "11:58:00=1 11:59:00=2",
	} {
		out := must(t, s, "GetMetricData", `{"StartTime": "2026-11-23T11:00:00Z", "EndTime": "2026-11-23T12:00:00Z", "ScanBy": "`+scan+`",
			"MetricDataQueries": [{"Id": "q", "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {"Namespace": "N", "MetricName": "m"}}}]}`)
		if got := shown(out["MetricDataResults"].([]any)[0].(map[string]any)); got != want {
			t.Errorf("%q: %s, want %s", scan, got, want)
		}
	}
}

func TestUnitsAndDimensions(t *testing.T) {
	s := newClock(noon).server(Options{})
	put(t, s, `{"MetricName": "m", "Value": 1, "Unit": "Count"}, {"MetricName": "m", "Value": 2, "Unit": "Seconds"},
		{"MetricName": "m", "Value": 4, "Dimensions": [{"Name": "B", "Value": "b"}, {"Name": "A", "Value": "a"}]}`)
	for _, c := range []struct{ name, of, want string }{
		{"every unit", `"Metric": {"Namespace": "N", "MetricName": "m"}`, "12:00:00=3"},
		{"one unit", `"Unit": "Seconds", "Metric": {"Namespace": "N", "MetricName": "m"}`, "12:00:00=2"},
		{"another unit", `"Unit": "Bytes", "Metric": {"Namespace": "N", "MetricName": "m"}`, ""},
		{"dimensions in another order", `"Metric": {"Namespace": "N", "MetricName": "m", "Dimensions": [{"Name": "A", "Value": "a"}, {"Name": "B", "Value": "b"}]}`, "12:00:00=4"},
		{"fewer dimensions", `"Metric": {"Namespace": "N", "MetricName": "m", "Dimensions": [{"Name": "A", "Value": "a"}]}`, ""},
		{"another value", `"Metric": {"Namespace": "N", "MetricName": "m", "Dimensions": [{"Name": "A", "Value": "b"}, {"Name": "B", "Value": "b"}]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := must(t, s, "GetMetricData", `{"StartTime": "2026-11-23T12:00:00Z", "EndTime": "2026-11-23T12:01:00Z",
				"MetricDataQueries": [{"Id": "q", "MetricStat": {"Period": 60, "Stat": "Sum", `+c.of+`}}]}`)
			if got := shown(out["MetricDataResults"].([]any)[0].(map[string]any)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestStatisticsAgainstDefinition compares with sorting all values, whether
// they were published one by one or as Values and Counts.
func TestStatisticsAgainstDefinition(t *testing.T) {
	trials := uint64(60)
	if testing.Short() {
		trials = 15
	}
	for seed := range trials {
		r := rand.New(rand.NewPCG(seed, 1))
		s := newClock(noon).server(Options{})
		var all []float64
		for range 1 + r.IntN(30) {
			values, counts := []string{}, []string{}
			for range 1 + r.IntN(150) {
				v, n := float64(r.IntN(50))/4, 1+r.IntN(3)
				values, counts = append(values, fmt.Sprint(v)), append(counts, fmt.Sprint(n))
				for range n {
					all = append(all, v)
				}
			}
			put(t, s, fmt.Sprintf(`{"MetricName": "m", "Values": [%s], "Counts": [%s]}`, strings.Join(values, ","), strings.Join(counts, ",")))
		}
		for _, stat := range []string{"Sum", "Average", "Minimum", "Maximum", "SampleCount", "p0", "p5", "p50", "p95", "p99.9", "p100"} {
			if want := fmt.Sprintf("12:00:00=%v", naive(stat, all)); askSeries(t, s, stat, 60) != want {
				t.Fatalf("seed %d: %s is %s, want %s", seed, stat, askSeries(t, s, stat, 60), want)
			}
		}
	}
}

func TestPercentilesThatCannotBeKnown(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"a statistic set", `{"MetricName": "m", "StatisticValues": {"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2}}`, ""},
		{"a statistic set beside values", `{"MetricName": "m", "Value": 1}, {"MetricName": "m", "StatisticValues": {"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2}}`, ""},
		{"a statistic set of equal values", `{"MetricName": "m", "StatisticValues": {"SampleCount": 2, "Sum": 4, "Minimum": 2, "Maximum": 2}}`, "12:00:00=2"},
		{"a negative value", `{"MetricName": "m", "Values": [-1, 5]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newClock(noon).server(Options{})
			put(t, s, c.data)
			if got := askSeries(t, s, "p50", 60); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestRefusedQueries(t *testing.T) {
	const stat = `"MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}`
	const other = `"MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 120, "Stat": "Sum"}`
	for _, c := range []struct{ name, queries, want string }{
		{"none", ``, "MetricDataQueries is required"},
		{"no id", `{` + stat + `}`, "expected pattern"},
		{"an id twice", `{"Id": "a", ` + stat + `}, {"Id": "a", ` + stat + `}`, "not unique"},
		{"neither metric nor expression", `{"Id": "a"}`, "Exactly one"},
		{"a period of 7 s", `{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 7, "Stat": "Sum"}}`, "multiple of 60"},
		{"a trimmed mean", `{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "tm90"}}`, "not supported"},
		{"p101", `{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "p101"}}`, "not supported"},
		{"no metric name", `{"Id": "a", "MetricStat": {"Metric": {"Namespace": "N"}, "Period": 60, "Stat": "Sum"}}`, "MetricName is invalid"},
		{"a member that is not known", `{"Id": "a", "AccountId": "1", ` + stat + `}`, "AccountId is not supported"},
		{"nothing returned", `{"Id": "a", "ReturnData": false, ` + stat + `}`, "ReturnData"},
		{"an unknown id", `{"Id": "a", "Expression": "b + 1"}`, "undefined id"},
		{"a circle", `{"Id": "a", "Expression": "b"}, {"Id": "b", "Expression": "a"}`, "depends on itself"},
		{"no metric in it", `{"Id": "a", "Expression": "1 + 1"}`, "not a time series"},
		{"a branch without a metric", `{"Id": "a", "Expression": "IF(1, 5, b)"}, {"Id": "b", ` + stat + `}`, "not a time series"},
		{"two periods", `{"Id": "a", "Expression": "b / c"}, {"Id": "b", ` + stat + `}, {"Id": "c", ` + other + `}`, "different periods"},
		{"a dynamic label", `{"Id": "a", "Label": "${MAX}", ` + stat + `}`, "dynamic label"},
		{"SEARCH", `{"Id": "a", "Expression": "SEARCH('x', 'Sum', 300)"}`, "not supported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newClock(noon).server(Options{})
			_, failure := ask(t, s, "GetMetricData", `{"StartTime": "2026-11-23T12:00:00Z", "EndTime": "2026-11-23T12:01:00Z", "MetricDataQueries": [`+c.queries+`]}`)
			if !strings.HasPrefix(failure, "400 ValidationError: ") || !strings.Contains(failure, c.want) {
				t.Errorf("%q, want a ValidationError about %q", failure, c.want)
			}
		})
	}
}

// TestExpressionChain would take 2^400 evaluations if a line were computed once
// per use.
func TestExpressionChain(t *testing.T) {
	s := newClock(noon).server(Options{})
	put(t, s, `{"MetricName": "m", "Value": 0}`)
	var lines strings.Builder
	lines.WriteString(`{"Id": "e0", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}}, {"Id": "e1", "Expression": "e0"}`)
	for i := 2; i < 400; i++ {
		fmt.Fprintf(&lines, `, {"Id": "e%d", "ReturnData": %t, "Expression": "e%d + e%d + 0"}`, i, i == 399, i-1, i-2)
	}
	out := must(t, s, "GetMetricData", `{"StartTime": "2026-11-23T12:00:00Z", "EndTime": "2026-11-23T12:01:00Z", "MetricDataQueries": [`+lines.String()+`]}`)
	results := out["MetricDataResults"].([]any)
	if got := shown(results[len(results)-1].(map[string]any)); got != "12:00:00=0" {
		t.Errorf("%q, want 12:00:00=0", got)
	}
}

func TestForgottenDataIsPartial(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{Retention: time.Hour})
	put(t, s, `{"MetricName": "m", "Value": 1}`)
	clk.add(2 * time.Hour)
	out := must(t, s, "GetMetricData", `{"StartTime": "2026-11-23T11:00:00Z", "EndTime": "2026-11-23T14:00:00Z",
		"MetricDataQueries": [{"Id": "q", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}}]}`)
	want := parse(t, `[{"Id": "q", "Label": "m", "StatusCode": "PartialData", "Timestamps": [], "Values": [],
		"Messages": [{"Code": "Forgotten", "Value": "This local CloudWatch stand-in no longer holds all data before 2026-11-23T12:00:01Z."}]}]`)
	if diff := cmp.Diff(want, out["MetricDataResults"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, failure := ask(t, s, "GetMetricStatistics", `{"Namespace": "N", "MetricName": "m", "StartTime": "2026-11-23T11:00:00Z",
		"EndTime": "2026-11-23T14:00:00Z", "Period": 60, "Statistics": ["Sum"]}`); !strings.Contains(failure, "no longer holds") {
		t.Errorf("GetMetricStatistics: %q, want it to refuse", failure)
	}
	if got := must(t, s, "ListMetrics", `{}`)["Metrics"]; len(got.([]any)) != 0 || s.state.metrics.Used != 0 {
		t.Errorf("metrics %v and %d bytes are left, want none", got, s.state.metrics.Used)
	}
}
