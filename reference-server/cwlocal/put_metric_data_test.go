package cwlocal

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

func repeated(n int, text string) string { return strings.Repeat(text+",", n-1) + text }

func TestPutLimits(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, c := range []struct{ name, data, want string }{
		{"1,000 data", repeated(1000, `{"MetricName": "m", "Value": 1}`), ""},
		{"1,001 data", repeated(1001, `{"MetricName": "m", "Value": 1}`), "400 InvalidParameterValue: The collection MetricData must not have a size greater than 1000."},
		{"150 values", `{"MetricName": "m", "Values": [` + repeated(150, "1") + `]}`, ""},
		{"151 values", `{"MetricName": "m", "Values": [` + repeated(151, "1") + `]}`, "400 InvalidParameterValue: The collection MetricData.member.1.Values must not have a size greater than 150."},
		{"31 dimensions", `{"MetricName": "m", "Value": 1, "Dimensions": [` + repeated(31, `{"Name": "a", "Value": "b"}`) + `]}`, "size greater than 30"},
		{"a dimension twice", `{"MetricName": "m", "Value": 1, "Dimensions": [` + repeated(2, `{"Name": "a", "Value": "b"}`) + `]}`, "given twice"},
		{"a dimension without value", `{"MetricName": "m", "Value": 1, "Dimensions": [{"Name": "a"}]}`, "Dimensions.member.1.Value is invalid"},
		{"a long name", `{"MetricName": "` + long + `", "Value": 1}`, "MetricName is invalid"},
		{"no name", `{"Value": 1}`, "400 MissingParameter: The parameter MetricData.member.1.MetricName is required."},
		{"nothing", `{"MetricName": "m"}`, "400 MissingParameter: At least one"},
		{"an unknown unit", `{"MetricName": "m", "Value": 1, "Unit": "Moves"}`, "Unit is invalid"},
		{"a resolution of 30 s", `{"MetricName": "m", "Value": 1, "StorageResolution": 30}`, "must be 1 or 60"},
		{"three weeks old", `{"MetricName": "m", "Value": 1, "Timestamp": "2026-11-02T12:00:00Z"}`, "two weeks"},
		{"in three hours", `{"MetricName": "m", "Value": 1, "Timestamp": "2026-11-23T15:00:00Z"}`, "two hours"},
		{"not a number", `{"MetricName": "m", "Value": "NaN"}`, "between -2^360"},
		{"infinite", `{"MetricName": "m", "Values": [1, "Infinity"]}`, "between -2^360"},
		{"too large", `{"MetricName": "m", "Value": 1e300}`, "between -2^360"},
		{"a negative count", `{"MetricName": "m", "Values": [1], "Counts": [-1]}`, "greater than 0"},
		{"an empty statistic set", `{"MetricName": "m", "StatisticValues": {"SampleCount": 0, "Sum": 0, "Minimum": 0, "Maximum": 0}}`, "must have samples"},
		{"a twisted statistic set", `{"MetricName": "m", "StatisticValues": {"SampleCount": 1, "Sum": 0, "Minimum": 1, "Maximum": 0}}`, "not greater than its Maximum"},
		{"text for a number", `{"MetricName": "m", "Value": "1"}`, "400 MalformedInput: MetricData.member.1.Value is not a number."},
		{"what is not supported", `{"MetricName": "m", "Value": 1, "Entity": {}}`, "MetricData.member.1.Entity is not supported"},
		{"one bad datum spoils all", `{"MetricName": "m", "Value": 1}, {"MetricName": "m"}`, "MetricData.member.2.Value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newClock(noon).server(Options{})
			_, failure := ask(t, s, "PutMetricData", `{"Namespace": "N", "MetricData": [`+c.data+`]}`)
			if !strings.Contains(failure, c.want) || (failure == "") != (c.want == "") {
				t.Errorf("%q, want %q", failure, c.want)
			}
			if stored := len(s.state.metrics.Series) > 0; stored != (c.want == "") {
				t.Errorf("stored: %t", stored)
			}
		})
	}
}

func gzipped(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBodies(t *testing.T) {
	body := func(padding int) []byte {
		return []byte(`{"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 1}]` + strings.Repeat(" ", padding) + `}`)
	}
	bomb := bytes.Repeat(gzipped(t, make([]byte, 1<<20)), 64) // members of one stream
	for _, c := range []struct {
		name, encoding string
		body           []byte
		status         int
	}{
		{"plain", "", body(0), 200},
		{"gzip", "gzip", gzipped(t, body(0)), 200},
		{"nearly 1 MB", "", body(1 << 19), 200},
		{"more than 1 MB", "", body(1 << 20), 413},
		{"more than 1 MB when unpacked", "gzip", gzipped(t, body(1<<20)), 413},
		{"64 MB when unpacked", "gzip", bomb, 413},
		{"cut off", "gzip", gzipped(t, body(0))[:20], 400},
		{"not gzip", "gzip", body(0), 400},
		{"another encoding", "br", body(0), 400},
		{"not JSON", "", []byte("hello"), 400},
		{"two documents", "", []byte("{} {}"), 400},
		{"a list", "", []byte("[]"), 400},
		{"deep", "", []byte(strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000)), 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newClock(noon).server(Options{})
			req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(c.body))
			req.Header.Set("X-Amz-Target", protocol.Service+".PutMetricData")
			req.Header.Set("Content-Encoding", c.encoding)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, req)
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if stored := len(s.state.metrics.Series) > 0; stored != (c.status == 200) {
				t.Errorf("stored: %t", stored)
			}
		})
	}
}

// TestLargeForm has as many parameters as fit into 1 MB.
func TestLargeForm(t *testing.T) {
	s := newClock(noon).server(Options{})
	var data []any
	for range 70 {
		var values, counts []any
		for i := range 150 {
			values, counts = append(values, float64(i)), append(counts, 1.0)
		}
		data = append(data, map[string]any{"MetricName": "m", "Values": values, "Counts": counts})
	}
	_, _, _, body := wires["query"].encode("PutMetricData", map[string]any{"Namespace": "N", "MetricData": data})
	if status, answer := serve(s, wires["query"], "PutMetricData", body); status != http.StatusOK {
		t.Fatalf("%d bytes: status %d: %s", len(body), status, answer)
	}
	if got := askSeries(t, s, "SampleCount", 60); got != "12:00:00=10500" {
		t.Errorf("%s, want 10,500", got)
	}
}

// TestMemoryIsBounded fills the store until it refuses, and lets time make room.
func TestMemoryIsBounded(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{MaxMemory: 1 << 20, Retention: time.Hour})
	refused := ""
	for i := 0; refused == "" && i < 1000; i++ {
		values := make([]string, 150)
		for j := range values {
			values[j] = fmt.Sprint(150*i + j)
		}
		_, refused = ask(t, s, "PutMetricData", `{"Namespace": "N", "MetricData": [{"MetricName": "m", "Values": [`+strings.Join(values, ",")+`]}]}`)
	}
	if !strings.HasPrefix(refused, "400 LimitExceeded: ") {
		t.Errorf("%q, want LimitExceeded", refused)
	}
	if s.state.metrics.Used > 1<<20 || s.state.metrics.Used < 1<<19 {
		t.Errorf("%d bytes are held when it refuses, want nearly 1 MiB", s.state.metrics.Used)
	}
	clk.add(2 * time.Hour)
	put(t, s, `{"MetricName": "m", "Value": 1}`)
	if s.state.metrics.Used != metricdata.SeriesSize+metricdata.SlotSize+metricdata.ValueSize {
		t.Errorf("%d bytes are held after the retention, want one value", s.state.metrics.Used)
	}
}

// TestRepeatedValuesAreJoined is why a long run of few different latencies fits.
func TestRepeatedValuesAreJoined(t *testing.T) {
	s := newClock(noon).server(Options{})
	for range 2000 {
		put(t, s, `{"MetricName": "m", "Values": [1, 2, 3, 4, 5]}`)
	}
	if s.state.metrics.Used > 2048 {
		t.Errorf("%d bytes are held for five values", s.state.metrics.Used)
	}
	if got := askSeries(t, s, "SampleCount", 60); got != "12:00:00=10000" {
		t.Errorf("%s, want 10,000", got)
	}
}

func BenchmarkPutMetricData(b *testing.B) {
	clk := newClock(noon)
	s := clk.server(Options{MaxMemory: 1 << 40})
	values := make([]string, 150)
	for i := range values {
		values[i] = fmt.Sprint(float64(i) / 8)
	}
	body := `{"Namespace": "N", "MetricData": [{"MetricName": "m", "StorageResolution": 1, "Values": [` + strings.Join(values, ",") + `]}]}`
	b.ReportAllocs()
	for b.Loop() {
		clk.add(time.Millisecond)
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		req.Header.Set("X-Amz-Target", protocol.Service+".PutMetricData")
		s.ServeHTTP(httptest.NewRecorder(), req)
	}
}
