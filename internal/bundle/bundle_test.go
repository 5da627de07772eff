package bundle

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

func TestSplitLoss(t *testing.T) {
	for _, tt := range []struct {
		faults, rest string
		share        float64
		words        string // of the error
	}{
		{faults: ""}, {faults: "lost-update:0.2", rest: "lost-update:0.2"}, {faults: "metric-loss", share: 0.1},
		{faults: "latency=300ms@5s+1s:0.5, metric-loss:0.25", rest: "latency=300ms@5s+1s:0.5", share: 0.25},
		{faults: "metric-loss:0", words: `"0" is not a share`}, {faults: "metric-loss:x", words: `"x" is not`}, {faults: "metric-loss:NaN", words: "NaN"},
	} {
		rest, share, err := splitLoss(tt.faults)
		if tt.words != "" && (err == nil || !strings.Contains(err.Error(), tt.words)) || tt.words == "" && err != nil || rest != tt.rest || share != tt.share {
			t.Errorf("%q: %q, %v, error %v", tt.faults, rest, share, err)
		}
	}
}

func TestSplitEndpoint(t *testing.T) {
	for _, tt := range []struct {
		faults, rest string
		want         cwlocal.Faults
		words        string // of the error
	}{
		{faults: ""}, {faults: "lost-update:0.2,metric-loss:0.1", rest: "lost-update:0.2,metric-loss:0.1"},
		{faults: "cloudwatch-delay=30s, cloudwatch-page=7,lost-update,cloudwatch-throttle=3", rest: "lost-update",
			want: cwlocal.Faults{IngestionDelay: 30 * time.Second, PageSize: 7, ThrottleEvery: 3}},
		{faults: "cloudwatch-partial=2,cloudwatch-drop=10,cloudwatch-deny=ListMetrics,cloudwatch-deny=GetMetricData",
			want: cwlocal.Faults{PartialEvery: 2, DropEvery: 10, Deny: []string{"ListMetrics", "GetMetricData"}}},
		{faults: "cloudwatch-delay=3", words: "cloudwatch-delay is written cloudwatch-delay=TIME"},
		{faults: "cloudwatch-throttle", words: "is written cloudwatch-throttle=N"}, {faults: "cloudwatch-page=0", words: "=N"},
		{faults: "cloudwatch-deny=ListDashboards", words: "is written cloudwatch-deny=OPERATION"},
	} {
		rest, got, err := splitEndpoint(tt.faults)
		if tt.words != "" {
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("%q: error %v, want %q", tt.faults, err, tt.words)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil || rest != tt.rest {
			t.Errorf("%q: %q, error %v (-want +got)\n%s", tt.faults, rest, err, diff)
		}
	}
}

// Lines go to their reader, and to a local endpoint beside.
func TestLines(t *testing.T) {
	var lines bytes.Buffer
	s := &settings.Settings{Metrics: "emf", LocalAddr: "127.0.0.1:0"}
	s.CloudWatch.Namespace, s.CloudWatch.Stage = telemetry.Namespace, "demo"
	o := Options{Settings: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), Lines: &lines}
	e, err := o.startEmission(t.Context(), 0, cwlocal.Faults{})
	if err != nil {
		t.Fatal(err)
	}
	e.emitter.Observe(time.Now(), time.Millisecond, true)
	if err := e.emitter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	client, err := ConnectCloudWatch(t.Context(), e.place)
	if err != nil {
		t.Fatal(err)
	}
	published, err := client.ListPublished(t.Context(), telemetry.Namespace)
	if err != nil || len(published) != 4 {
		t.Errorf("published %v, error %v; want two metrics with and without dimensions", published, err)
	}
	if err := e.closeAll(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(lines.String(), `"Environment":"demo","OCCConflicts":[1],"MoveLatency":[1]`) {
		t.Errorf("lines %q", lines.String())
	}
	o.Lines = nil
	if _, err := o.startEmission(t.Context(), 0, cwlocal.Faults{}); err == nil || !strings.Contains(err.Error(), "occbench serve") {
		t.Errorf("error %v", err)
	}
}
