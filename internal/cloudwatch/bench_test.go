//go:build unix

package cloudwatch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// The emission is switched on and off in turn, in rounds so short that a slow
// moment of the machine hits both sides. A round ends with a batch, which makes ten
// times as many as a server sends.
const (
	benchPairs   = 100
	benchRound   = 100 * time.Millisecond
	benchClients = 4
)

// BenchmarkEmission reports which part of its move rate a server pays for
// publishing, in percent: the median over pairs of rounds with and without. A
// server that is busy makes as many moves as its processors have time for, so
// what counts is the processor time of a move; the rate itself also shows what
// else the machine does. The moves are handed to the handler without a network, on
// which a move would cost more and the emission the same share less, and what
// takes the metrics works at the server's expense.
func BenchmarkEmission(b *testing.B) {
	sink := newSink(b)
	var on atomic.Bool
	emitter := NewEmitter(EmitOptions{Publish: PutMetricData{sink, source}, Interval: time.Hour})
	s := newSubject(b, func(a refserver.Attempt) {
		if on.Load() {
			emitter.Observe(a.At, a.Latency, a.IsConflict())
		}
	})
	var costs []float64
	total := 0.0
	for b.Loop() {
		for i := range benchPairs {
			var perMove [2]float64
			for j := range 2 {
				publish := (i+j)%2 == 1 // either side goes first in turn
				on.Store(publish)
				before := processorTime(b)
				moves := s.round(b)
				if err := emitter.Flush(b.Context()); err != nil {
					b.Fatal(err)
				}
				cost := float64(processorTime(b)-before) / moves
				if publish {
					perMove[1] = cost
					total += moves
				} else {
					perMove[0] = cost
				}
			}
			costs = append(costs, 100*(1-perMove[0]/perMove[1]))
		}
	}
	if err := emitter.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	slices.Sort(costs)
	b.ReportMetric(costs[len(costs)/2], "%-of-rate")
	b.ReportMetric(total/float64(len(costs))/benchRound.Seconds(), "moves/s")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkObserve is what a request pays, and what an attempt costs until it is
// on the wire.
func BenchmarkObserve(b *testing.B) {
	b.Run("request", func(b *testing.B) {
		e := NewEmitter(EmitOptions{Publish: nowhere{}, Interval: time.Millisecond, Room: 1 << 20})
		at := time.Now()
		for b.Loop() {
			e.Observe(at, 1234*time.Microsecond, false)
		}
		if err := e.Close(context.Background()); err != nil {
			b.Log(err)
		}
	})
	b.Run("published", func(b *testing.B) {
		e := NewEmitter(EmitOptions{Publish: PutMetricData{newSink(b), source}, Interval: time.Hour})
		at := time.Now()
		const batch = 1000
		for b.Loop() {
			for i := range batch {
				e.Observe(at, time.Duration(300+i*7%900)*time.Microsecond, i%20 == 0)
			}
			if err := e.Flush(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch, "ns/attempt")
	})
}

type nowhere struct{}

func (nowhere) Publish(context.Context, []Second) error { return nil }

// newSink returns a client of an endpoint that takes everything and keeps
// nothing: what CloudWatch does with metrics costs the server nothing.
func newSink(b *testing.B) *Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
		w.Header().Set("smithy-protocol", "rpc-v2-cbor")
	}))
	b.Cleanup(server.Close)
	return connect(b, server.URL)
}

// subject is a server with a record for each client.
type subject struct {
	handler  http.Handler
	versions [benchClients]int64
}

func newSubject(b *testing.B, observe func(refserver.Attempt)) *subject {
	kept := refservertest.Open(b, "sqlite", "")
	refservertest.Fill(b, kept, time.Now(), benchClients)
	server := refservertest.New(b, refserver.Options{Store: kept, Observe: observe})
	s := &subject{handler: server.Handler()}
	for i := range s.versions {
		s.versions[i] = 1
	}
	return s
}

// round lets every client move its record to and fro, and returns the moves.
func (s *subject) round(b *testing.B) float64 {
	end := time.Now().Add(benchRound)
	var moves atomic.Int64
	var all sync.WaitGroup
	for i := range s.versions {
		all.Go(func() {
			for time.Now().Before(end) {
				if !s.move(b, i) {
					return
				}
				moves.Add(1)
			}
		})
	}
	all.Wait()
	return float64(moves.Load())
}

func (s *subject) move(b *testing.B, i int) bool {
	to := [2]appointment.Status{appointment.Scheduled, appointment.InProgress}[s.versions[i]%2]
	body := fmt.Sprintf(`{"new_status":%q,"expected_version":%d}`, to, s.versions[i])
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, fmt.Sprintf("http://localhost/api/admin/appointments/%d/move", i+1), strings.NewReader(body)))
	if w.Code != http.StatusOK {
		b.Errorf("moving record %d: %d %s", i+1, w.Code, w.Body)
		return false
	}
	s.versions[i]++
	return true
}
