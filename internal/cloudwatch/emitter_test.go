package cloudwatch

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// shelf keeps what is published, and fails on request.
type shelf struct {
	mu    sync.Mutex
	fails []error // of the next calls
	got   []Second
}

func (s *shelf) Publish(_ context.Context, seconds []Second) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fails) > 0 {
		err := s.fails[0]
		s.fails = s.fails[1:]
		if err != nil {
			return err
		}
	}
	s.got = append(s.got, seconds...)
	return nil
}

func (s *shelf) attempts() (attempts, conflicts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.got {
		attempts, conflicts = attempts+one.Attempts, conflicts+one.Conflicts
	}
	return attempts, conflicts
}

// quiet is an emitter that publishes only when it is told to.
func quiet(t *testing.T, p Publisher, room int) *Emitter {
	t.Helper()
	e := NewEmitter(EmitOptions{Publish: p, Interval: time.Hour, Room: room})
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := e.Close(ctx); err != nil {
			t.Log(err)
		}
	})
	return e
}

func observe(e *Emitter, n int) {
	for i := range n {
		e.Observe(noon.Add(time.Duration(i)*100*time.Millisecond), 5*time.Millisecond, i%10 == 0)
	}
}

// What is observed is published once, by the second, with every value.
func TestEmitter(t *testing.T) {
	var s shelf
	e := quiet(t, &s, 0)
	for _, a := range []struct {
		after    time.Duration
		latency  time.Duration
		conflict bool
	}{{0, 5 * time.Millisecond, false}, {300 * time.Millisecond, 12345 * time.Microsecond, true}, {600 * time.Millisecond, 5 * time.Millisecond, false}, {time.Second, 0, true}, {-time.Second, 999 * time.Microsecond, false}} {
		e.Observe(noon.Add(a.after), a.latency, a.conflict)
	}
	if err := e.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := noon.Unix()
	want := []Second{
		{At: at - 1, Attempts: 1, Latencies: []Bucket{{0.999, 1}}},
		{At: at, Attempts: 3, Conflicts: 1, Latencies: []Bucket{{5, 2}, {12.3, 1}}},
		{At: at + 1, Attempts: 1, Conflicts: 1, Latencies: []Bucket{{0, 1}}},
	}
	if diff := cmp.Diff(want, s.got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What certainly did not arrive is sent again; what perhaps did is not, since it
// would be counted twice; what has no room is dropped. Nothing is lost unsaid.
func TestEmitterLosses(t *testing.T) {
	refused := errors.Join(errNotSent, errors.New("refused"))
	tests := []struct {
		name  string
		fails []error
		room  int
		want  Losses
		kept  int
	}{
		{name: "a good day", kept: 100},
		{name: "refused twice", fails: []error{refused, refused}, kept: 100},
		{name: "refused for good", fails: []error{errors.Join(errRefused, errors.New("denied"))}, want: Losses{Dropped: 50}, kept: 50},
		{name: "no answer", fails: []error{errors.New("cut off")}, want: Losses{Unsure: 50}, kept: 50},
		{name: "no room", room: 30, want: Losses{Dropped: 40}, kept: 60},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := shelf{fails: tt.fails}
			e := quiet(t, &s, tt.room)
			var last error
			for range 2 {
				observe(e, 50)
				last = e.Flush(t.Context())
			}
			closed := e.Close(t.Context())
			attempts, conflicts := s.attempts()
			if diff := cmp.Diff(tt.want, e.Lost()); diff != "" || attempts != tt.kept || conflicts != tt.kept/10 {
				t.Errorf("%d attempts with %d conflicts arrived, want %d; last %v; losses (-want +got)\n%s", attempts, conflicts, tt.kept, last, diff)
			}
			if (closed != nil) != (tt.want != Losses{}) {
				t.Errorf("closing says %v", closed)
			}
		})
	}
}

// An emitter whose endpoint is gone for good gives up at its deadline, counts and
// says it.
func TestEmitterGivesUp(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer hanging.Close()
	defer close(released)
	denying := newEndpoint(t, cwlocal.Options{Faults: cwlocal.Faults{Deny: []string{"PutMetricData"}}})
	throttling := newEndpoint(t, cwlocal.Options{Faults: cwlocal.Faults{ThrottleEvery: 1}})
	tests := []struct {
		name, url string
		want      Losses
		words     string
	}{
		{"nothing listens", nobody, Losses{Dropped: 50}, "nothing listens there"},
		{"hangs", hanging.URL, Losses{Unsure: 50}, "no answer in time"},
		{"denied", denying.url, Losses{Dropped: 50}, "allow cloudwatch:PutMetricData"},
		{"throttled for good", throttling.url, Losses{Dropped: 50}, "throttles this account"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			e := NewEmitter(EmitOptions{Publish: PutMetricData{connect(t, tt.url), source}, Interval: time.Hour, Limit: time.Second, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			observe(e, 50)
			e.logOnce(e.Flush(t.Context()))
			// Tries begin after 0, 0.1, 0.3 and 0.7 s; half a second later none is under way.
			ctx, cancel := context.WithTimeout(t.Context(), 1200*time.Millisecond)
			defer cancel()
			closed := e.Close(ctx)
			if diff := cmp.Diff(tt.want, e.Lost()); diff != "" || closed == nil {
				t.Errorf("closing says %v; losses (-want +got)\n%s", closed, diff)
			}
			if !strings.Contains(log.String(), tt.words) {
				t.Errorf("logged %q", log.String())
			}
		})
	}
}

// A request that was cut off before it had a connection was not sent: it may go
// again.
func TestCutOffBeforeConnecting(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	emitter := quiet(t, PutMetricData{e.client, source}, 0)
	observe(emitter, 50)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := emitter.Flush(ended); !errors.Is(err, errNotSent) {
		t.Errorf("a flush without time says %v", err)
	}
	e.add(time.Minute)
	if err := emitter.Flush(t.Context()); err != nil || emitter.Lost() != (Losses{}) {
		t.Errorf("the next one %v, lost %+v", err, emitter.Lost())
	}
}

// pipe is a publisher like a pipe without a reader.
type pipe struct{ read chan struct{} }

func (p pipe) Publish(context.Context, []Second) error { <-p.read; return nil }

// A publisher that never returns does not keep the server from stopping.
func TestStuckPublisher(t *testing.T) {
	p := pipe{make(chan struct{})}
	defer close(p.read)
	e := NewEmitter(EmitOptions{Publish: p, Interval: time.Hour})
	observe(e, 50)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := e.Close(ended); err == nil || !strings.Contains(err.Error(), "of 50 attempts perhaps no metrics were published") {
		t.Errorf("closing says %v", err)
	}
}

// Observing from many goroutines while batches go out loses and doubles nothing.
func TestEmitterConcurrently(t *testing.T) {
	var s shelf
	e := NewEmitter(EmitOptions{Publish: &s, Interval: time.Millisecond})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { observe(e, 1000) })
	}
	all.Wait()
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if attempts, conflicts := s.attempts(); attempts != 8000 || conflicts != 800 {
		t.Errorf("%d attempts with %d conflicts arrived, want 8000 with 800", attempts, conflicts)
	}
}

// Every tenth is every tenth, and one at a time.
func TestLosing(t *testing.T) {
	for _, tt := range []struct {
		share float64
		want  int
	}{{0.1, 900}, {0.25, 750}, {0.5, 500}, {1, 0}, {0.001, 999}} {
		n := 0
		observe := DropShare(tt.share, func(time.Time, time.Duration, bool) { n++ })
		for range 1000 {
			observe(noon, 0, false)
		}
		if n != tt.want {
			t.Errorf("of 1000 a loss of %v leaves %d, want %d", tt.share, n, tt.want)
		}
	}
}

// A busy second needs more than one datum of latencies, and CloudWatch counts
// them as one.
func TestBusySecond(t *testing.T) {
	e := newEndpoint(t, cwlocal.Options{})
	emitter := quiet(t, PutMetricData{e.client, source}, 0)
	r := rand.New(rand.NewPCG(1, 2))
	const n = 20_000
	for range n {
		emitter.Observe(noon, time.Duration(r.IntN(1_000_000))*time.Microsecond, r.IntN(20) == 0)
	}
	e.add(time.Second)
	if err := emitter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	end := noon.Add(time.Second)
	report, err := Pull(t.Context(), PullOptions{Client: e.client, Source: source, Start: noon, End: end, Want: telemetry.Counts{Attempts: n, Certain: n - 2000, Conflicts: 0}, Now: e.Now, Wait: e.wait})
	if err != nil {
		t.Fatal(err)
	}
	if report.Server.Attempts != n || report.Server.ConflictSamples != n {
		t.Errorf("CloudWatch counts %+v, want %d", report.Server, n)
	}
	if p := report.Percentiles; p == nil || p.P95MS < 940 || p.P95MS > 960 {
		t.Errorf("percentiles %+v, want a p95 about 950", p)
	}
}
