package cwlocal

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// emfLine writes a line whose directive and other members are given.
func emfLine(directive, members string) string {
	return fmt.Sprintf(`{"_aws":{"Timestamp":%d,"CloudWatchMetrics":[%s]},%s}`, noon.UnixMilli(), directive, members)
}

func TestReadEMF(t *testing.T) {
	one := 1
	got, err := readEMF([]byte(emfLine(`{"Namespace":"N","Dimensions":[["a","b"],[]],"Metrics":[{"Name":"m","Unit":"Count","StorageResolution":1},{"Name":"n"}]}`,
		`"a":"x","b":"y","m":[1,2.5],"n":7,"other":{}`)))
	if err != nil {
		t.Fatal(err)
	}
	both := []metricdata.Dimension{{Name: "a", Value: "x"}, {Name: "b", Value: "y"}}
	at := noon.UTC()
	want := []embedded{{"N", []metricdata.Datum{
		{MetricName: "m", Dimensions: both, Timestamp: &at, Values: []float64{1, 2.5}, Unit: "Count", StorageResolution: &one},
		{MetricName: "n", Dimensions: both, Timestamp: &at, Values: []float64{7}},
		{MetricName: "m", Timestamp: &at, Values: []float64{1, 2.5}, Unit: "Count", StorageResolution: &one},
		{MetricName: "n", Timestamp: &at, Values: []float64{7}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A log holds other lines too; those are passed over.
func TestReadEMFPassesOver(t *testing.T) {
	for _, line := range []string{"", "\n", "starting", `{"level":"info"}`, `[1]`, `null`, `{"_aws":`, emfLine("", `"m":1`)} {
		if got, err := readEMF([]byte(line)); err != nil || got != nil {
			t.Errorf("%q: %v, %v", line, got, err)
		}
	}
}

func TestReadEMFRefuses(t *testing.T) {
	directive := func(namespace, dimensions, metrics string) string {
		return fmt.Sprintf(`{"Namespace":%q,"Dimensions":%s,"Metrics":%s}`, namespace, dimensions, metrics)
	}
	many, err := json.Marshal(make([]float64, maxEMFValues+1))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, line, words string }{
		{"no time", `{"_aws":{"CloudWatchMetrics":[]}}`, "no Timestamp"},
		{"time as text", `{"_aws":{"Timestamp":"now"}}`, "_aws"},
		{"no namespace", emfLine(directive("", "[[]]", `[{"Name":"m"}]`), `"m":1`), "no Namespace"},
		{"no dimensions", emfLine(directive("N", "[]", `[{"Name":"m"}]`), `"m":1`), "no Dimensions"},
		{"dimension without a value", emfLine(directive("N", `[["a"]]`, `[{"Name":"m"}]`), `"m":1`), `dimension "a"`},
		{"dimension that is a number", emfLine(directive("N", `[["a"]]`, `[{"Name":"m"}]`), `"a":1,"m":1`), `dimension "a"`},
		{"metric without a value", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"x":1`), `metric "m"`},
		{"metric that is null", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"m":null`), `metric "m"`},
		{"metric that is text", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"m":"1"`), `metric "m"`},
		{"no values", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"m":[]`), "1 to 100"},
		{"too many values", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"m":`+string(many)), "1 to 100"},
		{"out of range", emfLine(directive("N", "[[]]", `[{"Name":"m"}]`), `"m":1e300`), "out of range"},
		{"too long", strings.Repeat(" ", maxEMFLine+1), "longer than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readEMF([]byte(tt.line))
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("%v, error %v, want one with %q", got, err, tt.words)
			}
		})
	}
}

// FuzzReadEMF: what is read can be stored, and a server that was fed anything
// goes on answering.
func FuzzReadEMF(f *testing.F) {
	f.Add(emfLine(`{"Namespace":"N","Dimensions":[["a"],[]],"Metrics":[{"Name":"m","Unit":"Milliseconds","StorageResolution":1}]}`, `"a":"x","m":[1,2]`))
	f.Add(emfLine(`{"Namespace":"","Dimensions":[[""]],"Metrics":[{"Name":""}]}`, `"":0`))
	f.Add(`{"_aws":{"Timestamp":9223372036854775807,"CloudWatchMetrics":[{}]}}`)
	f.Add("{}\n{\"_aws\":null}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := New(Options{Now: func() time.Time { return noon }, MaxMemory: 1 << 16})
		n, err := s.EMF().Write([]byte(text))
		if (err == nil) != (n == len(text)) {
			t.Errorf("%d of %d bytes taken, error %v", n, len(text), err)
		}
		for line := range strings.Lines(text) {
			data, err := readEMF([]byte(line))
			for _, one := range data {
				if err != nil || one.Namespace == "" || len(one.Data) > maxEMFMetrics*maxEMFMetrics {
					t.Errorf("read %d data into %q with error %v", len(one.Data), one.Namespace, err)
				}
			}
		}
		value := 1.0
		if err := s.Preload("N", []metricdata.Datum{{MetricName: "after", Value: &value}}); err != nil && !strings.Contains(err.Error(), "LimitExceeded") && !strings.Contains(err.Error(), "holds") {
			t.Errorf("afterwards: %v", err)
		}
	})
}
