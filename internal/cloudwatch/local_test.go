package cloudwatch

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// noon is when runs begin here: not at a full minute, as runs do.
var noon = time.Date(2026, 11, 23, 12, 0, 17, 0, time.UTC)

var source = telemetry.Source{Namespace: telemetry.Namespace, Stage: "test"}

// clock is the time of an endpoint and its clients.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// wait lets time pass without waiting.
func (c *clock) wait(ctx context.Context, d time.Duration) error {
	c.add(d)
	return ctx.Err()
}

// endpoint is a local CloudWatch with a client.
type endpoint struct {
	*clock
	server *cwlocal.Server
	client *Client
	url    string
}

func newEndpoint(t testing.TB, o cwlocal.Options) *endpoint {
	t.Helper()
	e := &endpoint{clock: &clock{now: noon}}
	if o.Now == nil {
		o.Now = e.Now
	}
	e.server = cwlocal.New(o)
	listening := httptest.NewServer(e.server)
	t.Cleanup(listening.Close)
	e.url = listening.URL
	e.client = connect(t, e.url)
	return e
}

// connect returns a client that tries again as others do, without waiting.
func connect(t testing.TB, url string) *Client {
	t.Helper()
	client, err := Connect(context.Background(), awsapi.Access{Endpoint: url})
	if err != nil {
		t.Fatal(err)
	}
	o := client.api.Options()
	o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Millisecond)
	client.api = sdk.New(o)
	return client
}

// play publishes a run of so many seconds, with ten attempts in each of which
// one conflicts, and moves the clock to its end.
func (e *endpoint) play(t testing.TB, src telemetry.Source, seconds int) telemetry.Counts {
	t.Helper()
	start := e.Now()
	var batch []Second
	for i := range seconds {
		batch = append(batch, Second{At: start.Unix() + int64(i), Attempts: 10, Conflicts: 1, Latencies: []Bucket{{5, 9}, {20, 1}}})
	}
	e.add(time.Duration(seconds) * time.Second)
	if err := (PutMetricData{e.client, src}).Publish(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	return telemetry.Counts{Attempts: 10 * seconds, Certain: 10 * seconds, Conflicts: seconds}
}

func (e *endpoint) options(want telemetry.Counts, seconds int) PullOptions {
	end := e.Now()
	return PullOptions{Client: e.client, Source: source, Start: end.Add(-time.Duration(seconds) * time.Second), End: end,
		Want: want, Now: e.Now, Wait: e.wait}
}
