package cwlocal

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// seedInputs are requests of every operation, as trees.
func seedInputs(t testing.TB) map[string]map[string]any {
	m := map[string]any{"Namespace": "N", "MetricName": "m", "Dimensions": []any{map[string]any{"Name": "a", "Value": "b"}}}
	stat := map[string]any{"Metric": m, "Period": 60.0, "Stat": "p95"}
	return map[string]map[string]any{
		"PutMetricData": {"Namespace": "N", "MetricData": []any{
			map[string]any{"MetricName": "m", "Values": []any{1.0, 2.5}, "Counts": []any{3.0, 4.0}, "Timestamp": noon, "Unit": "Count", "StorageResolution": 1.0},
			map[string]any{"MetricName": "m", "StatisticValues": map[string]any{"SampleCount": 2.0, "Sum": 3.0, "Minimum": 1.0, "Maximum": 2.0}}}},
		"GetMetricData": {"StartTime": noon.Add(-time.Hour), "EndTime": noon.Add(time.Hour), "ScanBy": "TimestampAscending", "MetricDataQueries": []any{
			map[string]any{"Id": "a", "MetricStat": stat, "ReturnData": false}, map[string]any{"Id": "b", "Expression": "IF(a > 1, 100 * a / 2)"}}},
		"GetMetricStatistics": {"Namespace": "N", "MetricName": "m", "StartTime": noon, "EndTime": noon.Add(time.Hour), "Period": 60.0, "Statistics": []any{"Sum"}},
		"ListMetrics":         {"Namespace": "N", "Dimensions": []any{}},
		"PutMetricAlarm": {"AlarmName": "a", "EvaluationPeriods": 2.0, "DatapointsToAlarm": 1.0, "Threshold": 1.5, "ComparisonOperator": "GreaterThanThreshold",
			"Metrics": []any{map[string]any{"Id": "a", "MetricStat": stat, "ReturnData": true}}},
		"DescribeAlarms":       {"AlarmNames": []any{"a"}, "MaxRecords": 3.0},
		"DescribeAlarmHistory": {"AlarmName": "a", "StartDate": noon},
		"SetAlarmState":        {"AlarmName": "a", "StateValue": "OK", "StateReason": "test"},
		"DeleteAlarms":         {"AlarmNames": []any{"a", "b"}},
	}
}

// fuzzProtocol sends bodies to a server with data and alarms, and checks that
// it answers something that a client can read, and can be asked again.
func fuzzProtocol(f *testing.F, w wire) {
	for op, input := range seedInputs(f) {
		_, _, _, body := w.encode(op, input)
		f.Add(op, body)
	}
	f.Add("PutMetricData", []byte{0xbf, 0x61, 0x61, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Add("ListMetrics", []byte(`{"Namespace": null, "Dimensions": [[[[]]]]}`))
	f.Add("ListMetrics", []byte("Action=ListMetrics&Version=2010-08-01&Dimensions.member.2.Name=a&Dimensions.member=b"))
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		clk := newClock(noon)
		s := clk.server(Options{})
		for _, first := range []string{"PutMetricData", "PutMetricAlarm"} {
			_, _, _, body := w.encode(first, seedInputs(t)[first])
			if status, answer := serve(s, w, first, body); status != http.StatusOK {
				t.Fatalf("%s: %d %q", first, status, answer)
			}
		}
		clk.add(time.Minute)
		status, answer := serve(s, w, op, body)
		if _, err := w.decode(answer); err != nil || status >= 500 {
			t.Errorf("status %d, answer %q: %v", status, answer, err)
		}
		clk.add(time.Minute)
		_, _, _, again := w.encode("DescribeAlarms", nil)
		if status, answer := serve(s, w, "DescribeAlarms", again); status != http.StatusOK {
			t.Errorf("the next request: %d %q", status, answer)
		}
	})
}

// serve sends a body as an operation of a protocol.
func serve(s *Server, w wire, op string, body []byte) (int, []byte) {
	req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	path, _, headers, _ := w.encode(op, nil)
	req.URL.Path = path
	if headers != nil {
		req.Header = headers
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, req)
	return rec.Code, rec.Body.Bytes()
}

func FuzzCBOR(f *testing.F)  { fuzzProtocol(f, wires["cbor"]) }
func FuzzJSON(f *testing.F)  { fuzzProtocol(f, wires["json"]) }
func FuzzQuery(f *testing.F) { fuzzProtocol(f, wires["query"]) }
