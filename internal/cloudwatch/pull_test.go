package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// A run is pulled as it was published, whatever the service's mood is.
func TestPull(t *testing.T) {
	other := source
	other.Stage = "other"
	elsewhere := source
	elsewhere.Namespace = "Elsewhere"
	tests := []struct {
		name    string
		faults  cwlocal.Faults
		emit    telemetry.Source
		before  int // seconds of traffic right before the run
		settled telemetry.Settled
		finding telemetry.Finding
		words   []string
	}{
		{name: "equal at once", emit: source, settled: telemetry.Equal, finding: telemetry.Agrees,
			words: []string{"CloudWatch counts 400 attempts with 40 conflicts, the clients made 400 with 40", "p95 of the server 20 ms"}},
		{name: "other moves in the minute of the start", emit: source, before: 10, settled: telemetry.Equal, finding: telemetry.Agrees,
			words: []string{"400 attempts", "(over whole minutes, 500 samples)"}},
		{name: "late data", emit: source, faults: cwlocal.Faults{IngestionDelay: 2 * time.Minute}, settled: telemetry.Equal, finding: telemetry.Agrees},
		{name: "small pages", emit: source, faults: cwlocal.Faults{PageSize: 7}, settled: telemetry.Equal, finding: telemetry.Agrees},
		{name: "some throttling", emit: source, faults: cwlocal.Faults{ThrottleEvery: 3}, settled: telemetry.Equal, finding: telemetry.Agrees},
		{name: "some partial answers", emit: source, faults: cwlocal.Faults{PartialEvery: 2}, settled: telemetry.Equal, finding: telemetry.Agrees},
		{name: "every tenth datum lost", emit: source, faults: cwlocal.Faults{DropEvery: 10}, settled: telemetry.Quiet, finding: telemetry.LosesData,
			words: []string{"telemetry loses data: CloudWatch counts 360 attempts", "the clients made 400"}},
		{name: "data after the deadline", emit: source, faults: cwlocal.Faults{IngestionDelay: time.Hour}, settled: telemetry.Restless, finding: telemetry.NoData,
			words: []string{"dead telemetry", "nothing is published there"}},
		{name: "nothing, and no right to look elsewhere", emit: other, faults: cwlocal.Faults{Deny: []string{"ListMetrics"}}, settled: telemetry.Restless, finding: telemetry.NoData,
			words: []string{"dead telemetry", "where they are instead is not known", "allow cloudwatch:ListMetrics"}},
		{name: "another stage", emit: other, settled: telemetry.Restless, finding: telemetry.NoData,
			words: []string{"dead telemetry", "{Environment=other, Service=MoveAPI}", "--stage"}},
		{name: "another namespace", emit: elsewhere, settled: telemetry.Restless, finding: telemetry.NoData,
			words: []string{"dead telemetry", "MoveLatency {Environment=test, Service=MoveAPI} is not published in EdgarAutoShop/MoveAPI", "check --namespace, --aws-region and the emitter"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEndpoint(t, cwlocal.Options{Faults: tt.faults})
			if tt.before > 0 {
				e.play(t, source, tt.before)
			}
			want := e.play(t, tt.emit, 40)
			report, err := Pull(t.Context(), e.options(want, 40))
			if err != nil {
				t.Fatal(err)
			}
			got := telemetry.Reconcile(want, &report, nil)
			if report.Settled != tt.settled || got.Finding != tt.finding || report.Format != telemetry.Format {
				t.Errorf("settled %s, %q: %s; want %s, %q", report.Settled, got.Finding, got.Why, tt.settled, tt.finding)
			}
			for _, w := range tt.words {
				if !strings.Contains(got.Why.String(), w) {
					t.Errorf("%q lacks %q", got.Why, w)
				}
			}
		})
	}
}

// The picture adds up to the counts.
func TestPicture(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	want := e.play(t, source, 40)
	report, err := Pull(t.Context(), e.options(want, 40))
	if err != nil {
		t.Fatal(err)
	}
	attempts, conflicts := 0, 0
	for _, p := range report.Points {
		attempts, conflicts = attempts+p.Attempts, conflicts+p.Conflicts
		if p.P95MS == nil || *p.P95MS != 20 || p.At.Second()%10 != 0 {
			t.Errorf("point %+v", p)
		}
	}
	if attempts != want.Attempts || conflicts != want.Conflicts || report.PeriodS != 10 || len(report.Points) != 5 {
		t.Errorf("%d points of %d s with %d attempts and %d conflicts, want 5 of 10 s with %+v", len(report.Points), report.PeriodS, attempts, conflicts, want)
	}
	if diff := cmp.Diff(&telemetry.Percentiles{Samples: 400, P50MS: 5, P95MS: 20, P99MS: 20, MaxMS: 20}, report.Percentiles); diff != "" {
		t.Errorf("percentiles (-want +got)\n%s", diff)
	}
}

// Data that is stored by the minute says of what came before the run only that
// it came in that minute.
func TestByTheMinute(t *testing.T) {
	for _, tt := range []struct {
		name    string
		before  int
		finding telemetry.Finding
	}{{"alone in its minutes", 0, telemetry.Agrees}, {"not alone", 3, telemetry.ForeignTraffic}} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEndpoint(t, cwlocal.Options{})
			start := e.Now()
			e.add(90 * time.Second)
			n := 100.0 + float64(tt.before)
			one, sixty, at, zero := 1, 60, start.Add(5*time.Second), 0.0
			dims := []metricdata.Dimension{{Name: "Service", Value: "MoveAPI"}, {Name: "Environment", Value: "test"}}
			err := e.server.Preload(source.Namespace, []metricdata.Datum{
				{MetricName: telemetry.Latency, Dimensions: dims, Timestamp: &at, Values: []float64{7}, Counts: []float64{n}, StorageResolution: &sixty},
				{MetricName: telemetry.Conflicts, Dimensions: dims, Timestamp: &at, Values: []float64{zero}, Counts: []float64{n}, StorageResolution: &sixty},
			})
			if err != nil {
				t.Fatal(err)
			}
			want := telemetry.Counts{Attempts: 100, Certain: 100}
			report, err := Pull(t.Context(), e.options(want, 90))
			if err != nil {
				t.Fatal(err)
			}
			if got := telemetry.Reconcile(want, &report, nil); got.Finding != tt.finding || report.GrainS != 60*one {
				t.Errorf("grain %d s, %q: %s", report.GrainS, got.Finding, got.Why)
			}
		})
	}
}

// What AWS says of the function does not depend on what the function says of
// itself.
func TestLambda(t *testing.T) {
	silent := source
	silent.Stage = "silent"
	for name, src := range map[string]telemetry.Source{"beside the move API's metrics": source, "without them": silent} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, cwlocal.Options{})
			want := e.play(t, src, 40)
			at := noon.Add(10 * time.Second)
			dims := []metricdata.Dimension{{Name: "FunctionName", Value: "move-api"}}
			if err := e.server.Preload("AWS/Lambda", []metricdata.Datum{
				{MetricName: "Invocations", Dimensions: dims, Timestamp: &at, Values: []float64{1}, Counts: []float64{812}},
				{MetricName: "Throttles", Dimensions: dims, Timestamp: &at, Values: []float64{1}, Counts: []float64{3}},
				{MetricName: "Duration", Dimensions: dims, Timestamp: &at, Values: []float64{12, 30}, Counts: []float64{90, 10}},
			}); err != nil {
				t.Fatal(err)
			}
			o := e.options(want, 40)
			o.Source.Function = "move-api"
			report, err := Pull(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&telemetry.Lambda{Invocations: new(812.0), Throttles: new(3.0), DurationP95MS: new(30.0)}, report.Lambda); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Over a run of more than a day, AWS has no single bucket: counts are added up, and
// no percentile is made of several.
func TestSeveralBuckets(t *testing.T) {
	one, two := []point{{noon, 3}}, []point{{noon, 3}, {noon.Add(24 * time.Hour), 2}}
	for _, tt := range []struct {
		name        string
		points      []point
		total, most *float64
		only        *float64
	}{{"none", nil, nil, nil, nil}, {"one", one, new(3.0), new(3.0), new(3.0)}, {"two", two, new(5.0), new(3.0), nil}} {
		if diff := cmp.Diff([]*float64{tt.total, tt.most, tt.only}, []*float64{sumValues(tt.points), maxValue(tt.points), singleValue(tt.points)}); diff != "" {
			t.Errorf("%s: total, most, only (-want +got)\n%s", tt.name, diff)
		}
	}
}

// Each thing that goes wrong has its own message with the next step, and the
// report says the same.
func TestPullProblems(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + refused.Addr().String()
	if err := refused.Close(); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	t.Cleanup(hanging.Close)
	t.Cleanup(func() { close(released) })
	nonsense := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(nonsense.Close)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>log in</html>") }))
	t.Cleanup(page.Close)
	tests := []struct {
		name   string
		change func(*endpoint, *PullOptions)
		give   time.Duration // 0: all the time in the world
		url    string
		words  []string
	}{
		{name: "access denied", change: func(e *endpoint, _ *PullOptions) { e.server.SetFaults(cwlocal.Faults{Deny: []string{"GetMetricData"}}) },
			words: []string{"GetMetricData", "AccessDenied", "allow cloudwatch:GetMetricData"}},
		{name: "throttled for good", change: func(e *endpoint, _ *PullOptions) { e.server.SetFaults(cwlocal.Faults{ThrottleEvery: 1}) },
			words: []string{"Throttling", "wait a minute"}},
		{name: "always partial", change: func(e *endpoint, _ *PullOptions) { e.server.SetFaults(cwlocal.Faults{PartialEvery: 1}) },
			words: []string{"did not call its answer complete", "PartialData", "`occbench pull RUN`"}},
		{name: "nothing listens", url: nobody, words: []string{"nothing listens there", "--aws-endpoint " + nobody}},
		{name: "hangs", url: hanging.URL, give: 200 * time.Millisecond, words: []string{"no answer in time", "--aws-endpoint"}},
		{name: "something else", url: nonsense.URL, words: []string{"GetMetricData", "the answer (HTTP 418) is not from CloudWatch", "--aws-endpoint"}},
		{name: "a page of a proxy", url: page.URL, words: []string{"the answer (HTTP 200) is not from CloudWatch", "--aws-endpoint"}},
		{name: "in the future", change: func(_ *endpoint, o *PullOptions) { o.Start, o.End = o.Start.Add(time.Hour), o.End.Add(time.Hour) },
			words: []string{"in the future", "clock"}},
		{name: "long ago", change: func(_ *endpoint, o *PullOptions) {
			o.Start, o.End = o.Start.Add(-400*time.Hour), o.End.Add(-400*time.Hour)
		}, words: []string{"15 days", "--without-cloudwatch"}},
		{name: "backwards", change: func(_ *endpoint, o *PullOptions) { o.Start, o.End = o.End, o.Start }, words: []string{"ended before it began"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, cwlocal.Options{})
			o := e.options(e.play(t, source, 5), 5)
			if tt.change != nil {
				tt.change(e, &o)
			}
			if tt.url != "" {
				o.Client = connect(t, tt.url)
			}
			o.Say = func(format string, args ...any) {
				if said := fmt.Sprintf(format, args...); strings.Contains(said, "counts 0 attempts") {
					t.Errorf("without an answer it says %q", said)
				}
			}
			ctx := t.Context()
			if tt.give > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.give)
				defer cancel()
			}
			report, err := Pull(ctx, o)
			if err == nil || report.Error != err.Error() {
				t.Fatalf("error %v, the report says %q", err, report.Error)
			}
			for _, w := range tt.words {
				if !strings.Contains(report.Error, w) {
					t.Errorf("%q lacks %q", report.Error, w)
				}
			}
			if got := telemetry.Reconcile(o.Want, &report, nil); got.Finding != telemetry.NotPulled {
				t.Errorf("finding %q", got.Finding)
			}
		})
	}
}

func TestConnectProblems(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	tests := []struct {
		name   string
		access awsapi.Access
		code   int
		words  []string
	}{
		{"no region", awsapi.Access{}, 2, []string{"no region", "--aws-region", "$AWS_REGION"}},
		{"no credentials", awsapi.Access{Region: "eu-central-1"}, 4, []string{"no credentials", "aws sso login", "AWS_ACCESS_KEY_ID"}},
		{"no such profile", awsapi.Access{Region: "eu-central-1", Profile: "nobody"}, 2, []string{"check the profile", "~/.aws"}},
		{"no URL", awsapi.Access{Endpoint: "localhost:1"}, 2, []string{"--aws-endpoint", "URL such as"}},
		{"a password", awsapi.Access{Endpoint: "http://me:secret@127.0.0.1:1"}, 2, []string{"--aws-endpoint", "credentials"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Connect(t.Context(), tt.access)
			var p *exit.Problem
			if !errors.As(err, &p) || p.ExitCode() != tt.code {
				t.Fatalf("error %v, want one with exit code %d", err, tt.code)
			}
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q lacks %q", err, w)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%q tells a password", err)
			}
		})
	}
}

// An endpoint of this machine never sees the user's credentials.
func TestLocalCredentials(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "real")
	var seen string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	c, err := Connect(t.Context(), awsapi.Access{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ListPublished(t.Context(), "N"); err == nil {
		t.Error("403 is no error")
	}
	if !strings.Contains(seen, "Credential=local/") || strings.Contains(seen, "AKIAREAL") {
		t.Errorf("signed as %q", seen)
	}
}
