//go:build unix

package occ_test

import (
	"context"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

// BenchmarkTurn compares what a turn costs the client, in CPU time of the whole
// k6 process: read a board of 50 cards, move one of them, 20 operators, no
// think, no pause. The extension writes its history; the baseline is the same
// turn in plain k6 JavaScript. They alternate, so that a change of the machine's
// mood meets both.
//
// $BENCH_TURN_DURATION is the length of each run (30s). It matters: the
// baseline gets cheaper with time, since k6 keeps its samples and a larger heap
// is collected less often, while the extension stays as it is. Runs of 5 s show
// a ratio that is too good.
func BenchmarkTurn(b *testing.B) {
	extension, baseline := cost{scenario: scenarios.Move}, cost{scenario: scenarios.BaselineHTTP}
	for b.Loop() {
		baseline.measure(b)
		extension.measure(b)
	}
	b.ReportMetric(0, "ns/op") // the time of a run says nothing
	b.ReportMetric(baseline.perTurn(), "µs-baseline/turn")
	b.ReportMetric(extension.perTurn(), "µs-extension/turn")
	b.ReportMetric(extension.perTurn()/baseline.perTurn(), "ratio")
	b.ReportMetric(float64(baseline.turns)/baseline.wall.Seconds(), "baseline-turns/s")
	b.ReportMetric(float64(extension.turns)/extension.wall.Seconds(), "extension-turns/s")
}

// cost adds up runs of one scenario.
type cost struct {
	scenario []byte
	turns    int64
	cpu      time.Duration
	wall     time.Duration
}

func (c *cost) perTurn() float64 {
	return float64(c.cpu) / float64(time.Microsecond) / float64(max(c.turns, 1))
}

func (c *cost) measure(b *testing.B) {
	s := newServer(b, 50)
	o := options(b, s.URL, c.scenario)
	o.Spec.Operators, o.Spec.Think, o.Spec.Pause, o.Spec.Timeout = 20, workload.Fixed(0), workload.Fixed(0), 0
	o.Spec.Duration = benchDuration(b)
	before, begin := children(b), time.Now()
	result := runK6(b, context.Background(), o)
	c.wall += time.Since(begin)
	after := children(b)
	c.cpu += cpuTime(after) - cpuTime(before)
	if result.State != k6run.Complete || result.ScriptErrors > 0 {
		b.Fatalf("result %+v", result)
	}
	c.turns += s.attempts.Load()
	if _, err := os.Stat(o.Traces.History); err == nil {
		checkAttempts(b, s, o.Traces.History)
	}
}

// checkAttempts wants the history to hold exactly what the server counted.
func checkAttempts(b *testing.B, s *server, history string) {
	ops := operations(b, history)
	if moves := int64(count(ops, isMove)); moves != s.attempts.Load() {
		b.Errorf("the history has %d attempts, the server counted %d", moves, s.attempts.Load())
	}
}

func benchDuration(b *testing.B) time.Duration {
	text := os.Getenv("BENCH_TURN_DURATION")
	if text == "" {
		return 30 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// children is what the ended children of this process used.
func children(b *testing.B) syscall.Rusage {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage); err != nil {
		b.Fatal(err)
	}
	return usage
}

func cpuTime(u syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkArrivals is an open run of 2,000 turns per second on 1,000 cards
// beside its server, with boards that stay on their screens for 2 s: nobody
// reads 350 KB two thousand times per second. What counts is dropped-%, and
// how late the generator was; conflicts are what old boards must give.
func BenchmarkArrivals(b *testing.B) {
	var planned, dropped, moves int64
	var late []int64
	for b.Loop() {
		s := newServer(b, 1000)
		o := options(b, s.URL, scenarios.Move)
		p := &o.Spec
		p.Operators, p.Think, p.Pause, p.Duration = 0, workload.Fixed(0), nil, benchDuration(b)
		p.Rate, p.MaxOperators, p.Refresh = 2000, 100, 2*time.Second
		result := runK6(b, context.Background(), o)
		if result.State != k6run.Complete || result.ScriptErrors > 0 {
			b.Fatalf("result %+v", result)
		}
		planned, dropped, moves = planned+result.PlannedTurns, dropped+result.DroppedTurns, moves+s.attempts.Load()
		for _, op := range operations(b, o.Traces.History) {
			if isMove(op) && op.Attempt == 1 {
				late = append(late, op.Start-op.Scheduled)
			}
		}
	}
	slices.Sort(late)
	b.ReportMetric(0, "ns/op") // the time of a run says nothing
	b.ReportMetric(100*float64(dropped)/float64(planned), "dropped-%")
	b.ReportMetric(float64(moves)/float64(b.N)/benchDuration(b).Seconds(), "attempts/s")
	b.ReportMetric(float64(late[len(late)/2])/1e3, "µs-late-p50")
	b.ReportMetric(float64(late[len(late)*99/100])/1e6, "ms-late-p99")
}
