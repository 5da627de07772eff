//go:build unix

package occ_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

// BenchmarkTurn compares what a turn costs the client, in CPU time of the whole
// process: read a board of 50 records, move one of them, 20 operators, no
// think, no pause. The extension writes its history; the baseline is the same
// turn in plain k6 JavaScript, and the raw loop the least that Go can do. With a held
// list the board is read every two seconds. They alternate, so that a change of the
// machine's mood meets all; a ratio is that of one round.
//
// $BENCH_TURN_DURATION is the length of each run (30s). It matters: the
// baseline gets cheaper with time, since k6 keeps its samples and a larger heap
// is collected less often, while the extension stays as it is. Runs of 5 s show
// a ratio that is too good.
//
// What a k6 takes whose operators begin no turn is reported as well, and the ratios
// without it: on a busy machine few turns share the start.
func BenchmarkTurn(b *testing.B) {
	baseline, raw := &cost{scenario: scenarios.BaselineHTTP}, &cost{raw: "list"}
	extension, held := &cost{scenario: scenarios.Update}, &cost{scenario: scenarios.Update, refresh: 2 * time.Second}
	start := &cost{scenario: scenarios.Update, idle: true}
	for b.Loop() {
		for _, c := range []*cost{baseline, raw, extension, held, start} {
			s := newServer(b, 50)
			c.measureOn(b, s.URL, &s.attempts)
		}
	}
	report(b, baseline, raw, map[string]*cost{"extension": extension, "held-list": held}, start)
}

// BenchmarkSingleTurn compares what a turn of one record costs the client, a GET and a
// PUT with the ETag of 20 operators on 50 items: by an API file, by functions of a
// script, in plain k6 JavaScript and by the raw loop. They alternate, as in BenchmarkTurn.
func BenchmarkSingleTurn(b *testing.B) {
	baseline, raw := &cost{scenario: testdata(b, "items-baseline.js")}, &cost{raw: "items"}
	file := &cost{scenario: scenarios.Update, api: "testdata/items.yaml"}
	functions := &cost{scenario: testdata(b, "items-functions.js")}
	for b.Loop() {
		for _, c := range []*cost{baseline, raw, file, functions} {
			s := newItems(b, 50)
			c.measureOn(b, s.URL, &s.updates)
		}
	}
	report(b, baseline, raw, map[string]*cost{"file": file, "functions": functions}, nil)
}

// report reports the median of all rounds, and logs least and most beside it: a line for
// each client, since a benchmark shows ten at most.
func report(b *testing.B, baseline, raw *cost, others map[string]*cost, start *cost) {
	b.ReportMetric(0, "ns/op") // the time of a run says nothing
	var lines strings.Builder
	fmt.Fprintf(&lines, "%d rounds: ", len(baseline.rounds))
	spread := func(name string, of func(i int) float64) {
		var all []float64
		for i := range baseline.rounds {
			all = append(all, of(i))
		}
		slices.Sort(all)
		middle := all[len(all)/2]
		b.ReportMetric(middle, name)
		fmt.Fprintf(&lines, "%s: %.3g – %.3g – %.3g; ", name, all[0], middle, all[len(all)-1])
	}
	spread("µs-k6/turn", func(i int) float64 { return baseline.rounds[i].perTurn(0) })
	spread("µs-raw/turn", func(i int) float64 { return raw.rounds[i].perTurn(0) })
	spread("raw-of-k6", func(i int) float64 { return raw.rounds[i].perTurn(0) / baseline.rounds[i].perTurn(0) })
	for name, c := range others {
		lines.WriteByte('\n')
		spread("µs-"+name+"/turn", func(i int) float64 { return c.rounds[i].perTurn(0) })
		spread(name+"-of-k6", func(i int) float64 { return c.rounds[i].perTurn(0) / baseline.rounds[i].perTurn(0) })
		spread(name+"-of-raw", func(i int) float64 { return c.rounds[i].perTurn(0) / raw.rounds[i].perTurn(0) })
		spread(name+"-rate-of-raw", func(i int) float64 { return c.rounds[i].rate / raw.rounds[i].rate })
		if start != nil {
			without := func(i int) float64 { return c.rounds[i].perTurn(start.rounds[i].cpu) }
			spread("µs-"+name+"-without-start/turn", without)
			spread(name+"-without-start-of-k6", func(i int) float64 { return without(i) / baseline.rounds[i].perTurn(start.rounds[i].cpu) })
			spread(name+"-without-start-of-raw", func(i int) float64 { return without(i) / raw.rounds[i].perTurn(0) })
		}
	}
	if start != nil {
		spread("ms-start", func(i int) float64 { return start.rounds[i].cpu / 1e3 })
	}
	b.Log(lines.String())
}

func testdata(b *testing.B, name string) []byte {
	b.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// cost is what runs of one scenario, or of the raw loop, took.
type cost struct {
	scenario []byte
	api      string
	raw      string // the kind of turn; empty: no raw loop
	refresh  time.Duration
	idle     bool // no turn is begun
	rounds   []round
}

type round struct {
	cpu   float64 // µs
	turns float64
	rate  float64 // turns a second
}

// perTurn returns the CPU time of a turn in µs, without that of the start.
func (r round) perTurn(start float64) float64 { return (r.cpu - start) / r.turns }

// measureOn plays the scenario against a server that counts the attempts.
func (c *cost) measureOn(b *testing.B, url string, attempts *atomic.Int64) {
	o := options(b, url, c.scenario)
	if o.Spec.API = c.api; c.api != "" {
		o.Spec.Records = 50
		o.Spec.Races = workload.Races{}
	}
	o.Spec.Operators, o.Spec.Think, o.Spec.Pause, o.Spec.Timeout = 20, workload.Fixed(0), workload.Fixed(0), 0
	o.Spec.Duration, o.Spec.Refresh = benchDuration(b), c.refresh
	o.Spec.Attempts = 1 // the others do not recover either, and an operator who does waits first
	if c.idle {
		o.Spec.Duration, o.Spec.Think = time.Second, workload.Fixed(24*time.Hour) // before which each waits for a part of it
	}
	before, begin := children(b), time.Now()
	if c.raw != "" {
		runRaw(b, c.raw, url, o.Traces.History, o.Spec.Duration)
	} else if result := runK6(b, context.Background(), o); result.State != k6run.Complete || result.ScriptErrors > 0 {
		b.Fatalf("result %+v", result)
	}
	wall, after := time.Since(begin), children(b)
	turns := float64(attempts.Load())
	c.rounds = append(c.rounds, round{float64(cpuTime(after)-cpuTime(before)) / 1e3, turns, turns / min(wall, o.Spec.Duration).Seconds()})
	if _, err := os.Stat(o.Traces.History); err == nil {
		checkAttempts(b, attempts.Load(), o.Traces.History)
	}
}

// checkAttempts wants the history to hold exactly what the server counted.
func checkAttempts(b *testing.B, counted int64, history string) {
	ops := historytest.Load(b, history)
	if moves := int64(count(ops, isMove)); moves != counted {
		b.Errorf("the history has %d attempts, the server counted %d", moves, counted)
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

// BenchmarkArrivals is an open run of 2,000 turns per second on 1,000 records
// beside its server, with boards that stay on their screens for 2 s: no operator
// reads 350 KB two thousand times per second. What counts is dropped-%, and
// how late the generator was; conflicts are what old boards must give.
func BenchmarkArrivals(b *testing.B) {
	var planned, dropped, moves int64
	var late []int64
	for b.Loop() {
		s := newServer(b, 1000)
		o := options(b, s.URL, scenarios.Update)
		p := &o.Spec
		p.Operators, p.Think, p.Pause, p.Duration = 0, workload.Fixed(0), nil, benchDuration(b)
		p.Rate, p.MaxOperators, p.Refresh = 2000, 100, 2*time.Second
		result := runK6(b, context.Background(), o)
		if result.State != k6run.Complete || result.ScriptErrors > 0 {
			b.Fatalf("result %+v", result)
		}
		planned, dropped, moves = planned+result.PlannedTurns, dropped+result.DroppedTurns, moves+s.attempts.Load()
		for _, op := range historytest.Load(b, o.Traces.History) {
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
