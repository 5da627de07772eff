package cwlocal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// ask plays one call over JSON and returns the answer; a failure is its code
// and message.
func ask(t *testing.T, s *Server, op, input string) (tree map[string]any, failure string) {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(withTimes(t, input)))
	req.Header.Set("X-Amz-Target", protocol.Service+"."+op)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		code, _, _ := strings.Cut(w.Header()["x-amzn-query-error"][0], ";")
		return nil, fmt.Sprintf("%d %s: %s", w.Code, code, parse(t, w.Body.String()).(map[string]any)["message"])
	}
	if w.Body.Len() == 0 {
		return nil, ""
	}
	return parse(t, w.Body.String()).(map[string]any), ""
}

// withTimes writes the instants of an input as seconds, which JSON wants.
func withTimes(t *testing.T, input string) string {
	t.Helper()
	b, err := json.Marshal(epochs(parse(t, input)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func epochs(node any) any {
	switch v := node.(type) {
	case map[string]any:
		for k, child := range v {
			v[k] = epochs(child)
		}
	case []any:
		for i, child := range v {
			v[i] = epochs(child)
		}
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return float64(at.UnixMilli()) / 1e3
		}
	}
	return node
}

// must is ask where a failure is the test's.
func must(t *testing.T, s *Server, op, input string) map[string]any {
	t.Helper()
	tree, failure := ask(t, s, op, input)
	if failure != "" {
		t.Fatalf("%s %s: %s", op, input, failure)
	}
	return tree
}

// put publishes data given as the JSON of MetricData, without its brackets.
func put(t *testing.T, s *Server, data string) {
	t.Helper()
	must(t, s, "PutMetricData", `{"Namespace": "N", "MetricData": [`+data+`]}`)
}

// askSeries asks for one statistic of N/m from noon-10m to noon+10m and returns
// "minute:second=value" of each bucket, the oldest first.
func askSeries(t *testing.T, s *Server, stat string, period int) string {
	t.Helper()
	out := must(t, s, "GetMetricData", fmt.Sprintf(`{"StartTime": "2026-11-23T11:50:00Z", "EndTime": "2026-11-23T12:10:00Z", "ScanBy": "TimestampAscending",
		"MetricDataQueries": [{"Id": "q", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": %d, "Stat": %q}}]}`, period, stat))
	return shown(out["MetricDataResults"].([]any)[0].(map[string]any))
}

func shown(result map[string]any) string {
	var points []string
	values := result["Values"].([]any)
	for i, at := range result["Timestamps"].([]any) {
		points = append(points, time.Unix(int64(at.(float64)), 0).UTC().Format("15:04:05")+fmt.Sprintf("=%v", values[i]))
	}
	return strings.Join(points, " ")
}
