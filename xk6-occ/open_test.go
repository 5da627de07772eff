package occ_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

// slowMiddle makes a server take 300 ms for each of some boards, and of the
// moves that come after them.
func slowMiddle(s *server) {
	var boards, moves atomic.Int64
	serve := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls, begin, end := &boards, int64(15), int64(30)
		if r.Method == http.MethodPost {
			calls, end = &moves, 40
		}
		if n := calls.Add(1); n >= begin && n < end {
			time.Sleep(300 * time.Millisecond)
		}
		serve.ServeHTTP(w, r)
	})
}

// TestArrivalRates runs both shapes of the open model against a server that is
// slow by 300 ms in the middle, with fewer operators than that takes.
func TestArrivalRates(t *testing.T) {
	tests := []struct {
		name         string
		rate, rampTo float64
		planned      int64
	}{
		{"constant", 60, 0, 120},
		{"ramp", 30, 90, 119},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, 40)
			slowMiddle(s)
			o := options(t, s.URL, scenarios.Update)
			p := &o.Spec
			p.Operators, p.Pause, p.Think, p.Duration = 0, nil, workload.Fixed(2*time.Millisecond), 2*time.Second
			p.Rate, p.RampTo, p.MaxOperators, p.DoubleUpdates = tt.rate, tt.rampTo, 12, 0.3
			result := runK6(t, context.Background(), o)
			if result.State != k6run.Complete || result.ScriptErrors != 0 || len(result.Messages) != 0 {
				t.Fatalf("result %+v", result)
			}
			ops := historytest.Load(t, o.Traces.History)
			checkOrder(t, ops)
			checkSound(t, ops)
			checkTurns(t, ops, result, tt.planned)
			checkDoubles(t, ops, s.attempts.Load())
			checkLatencies(t, ops)
		})
	}
}

// checkSound wants a history that the checker can judge, of a correct server.
func checkSound(t *testing.T, ops []history.Op) {
	t.Helper()
	if r := check.History(ops, nil, check.Options{API: apitest.Appointments(t)}); !r.Judged || len(r.Anomalies) > 0 {
		t.Errorf("judged %v (%v), findings %+v", r.Judged, r.Why, r.Anomalies)
	}
}

func isFirst(op history.Op) bool {
	return isMove(op) && op.Attempt == 1 && op.Flags&history.Double == 0
}

// checkTurns wants the planned turns, each begun once, and none before its time.
func checkTurns(t *testing.T, ops []history.Op, result k6run.Result, planned int64) {
	t.Helper()
	begun := int64(count(ops, func(op history.Op) bool { return op.Kind == history.Read && op.Attempt == 1 }))
	handedOut := result.PlannedTurns - result.DroppedTurns
	if result.PlannedTurns != planned || handedOut < begun || handedOut > begun+12 { // each operator may be stopped with one in hand
		t.Errorf("%d turns planned, %d dropped, %d begun; want %d planned", result.PlannedTurns, result.DroppedTurns, begun, planned)
	}
	// Who thinks when the run ends does not move any more.
	if moves := int64(count(ops, isFirst)); moves > begun || moves < begun-12 {
		t.Errorf("%d turns moved of %d", moves, begun)
	}
	arrivals := map[int64]bool{}
	for _, op := range ops {
		if op.Kind == history.Audit {
			continue
		}
		if op.Scheduled == history.None || op.Start < op.Scheduled {
			t.Fatalf("%+v is not scheduled or begins before its time", op)
		}
		if op.Kind == history.Read && op.Attempt == 1 {
			if arrivals[op.Scheduled] {
				t.Fatalf("two turns arrived at %d", op.Scheduled)
			}
			arrivals[op.Scheduled] = true
		}
	}
}

// checkDoubles wants about 30 % of the turns to click twice, with the version
// of the first click.
func checkDoubles(t *testing.T, ops []history.Op, attempts int64) {
	t.Helper()
	firsts := map[int32]history.Op{}
	seconds := map[int32]history.Op{}
	doubles := 0
	for _, op := range ops {
		if !isMove(op) || op.Attempt != 1 {
			continue
		}
		mine, other := firsts, seconds
		if op.Flags&history.Double != 0 {
			mine, other = seconds, firsts
			doubles++
		}
		mine[op.Operator] = op
		twin, there := other[op.Operator]
		if there && twin.Record == op.Record && twin.Expected == op.Expected && twin.Outcome == history.Applied && op.Outcome == history.Applied {
			t.Errorf("both clicks moved: %+v and %+v", twin, op)
		}
	}
	for number, second := range seconds {
		if first := firsts[number]; first.Record == second.Record && first.Expected != second.Expected && first.Start <= second.Start {
			t.Errorf("operator %d clicked again with another version: %+v after %+v", number, second, first)
		}
	}
	if doubles < 15 || doubles > 65 {
		t.Errorf("%d second clicks in some 120 turns, want about 36", doubles)
	}
	if n := int64(count(ops, isMove)); n != attempts {
		t.Errorf("the history has %d moves, the server %d", n, attempts)
	}
}

// checkLatencies wants the slow middle in the response times: a turn read the
// board for 300 ms, perhaps after it had waited for an operator, and then moved.
func checkLatencies(t *testing.T, ops []history.Op) {
	t.Helper()
	var service, response []int64
	for _, op := range ops {
		if isFirst(op) && op.Answered() {
			service, response = append(service, op.End-op.Start), append(response, op.End-op.Scheduled)
		}
	}
	p99 := func(times []int64) time.Duration {
		slices.Sort(times)
		return time.Duration(times[len(times)*99/100])
	}
	s, r := p99(service), p99(response)
	if s < 300*time.Millisecond || r < 590*time.Millisecond || r <= s {
		t.Errorf("service time p99 %s, response time p99 %s; want 300 ms at least, and 600 ms", s, r)
	}
}

// TestHeldBoards runs the closed model before screens that outlast the run:
// every operator reads once, and again only when it has lost.
func TestHeldBoards(t *testing.T) {
	s := newServer(t, 40)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Refresh = time.Minute
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Complete || result.PlannedTurns != 0 {
		t.Errorf("result %+v", result)
	}
	ops := historytest.Load(t, o.Traces.History)
	checkOrder(t, ops)
	checkSound(t, ops)
	reads := count(ops, func(op history.Op) bool { return op.Kind == history.Read && op.Attempt == 1 })
	if moves := count(ops, isFirst); reads > o.Spec.Operators || moves <= reads {
		t.Errorf("%d reads for %d turns of %d operators", reads, moves, o.Spec.Operators)
	}
}

// TestOwnRecords holds that operators who keep to their own records never lose.
func TestOwnRecords(t *testing.T) {
	s := newServer(t, 10)
	o := options(t, s.URL, scenarios.Update)
	own, err := workload.ParsePick("own")
	if err != nil {
		t.Fatal(err)
	}
	o.Spec.Pick, o.Spec.Walk, o.Spec.Duration = own, workload.Forward, time.Second
	runK6(t, context.Background(), o)
	ops := historytest.Load(t, o.Traces.History)
	if moved := count(ops, func(op history.Op) bool { return op.Outcome == history.Applied }); moved == 0 || moved != count(ops, isMove) {
		t.Errorf("%d of %d moves moved a record, want all", moved, count(ops, isMove))
	}
}

// TestInterruptedArrivals holds that a run that is ended early planned as many
// turns as had arrived until then, and not those of the whole minute.
func TestInterruptedArrivals(t *testing.T) {
	s := newServer(t, 40)
	o := options(t, s.URL, scenarios.Update)
	p := &o.Spec
	p.Operators, p.Pause, p.Duration, p.Rate, p.MaxOperators = 0, nil, time.Minute, 100, 12
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	after(s, 50, cancel)
	result := runK6(t, ctx, o)
	ops := historytest.Load(t, o.Traces.History)
	begun := count(ops, func(op history.Op) bool { return op.Kind == history.Read && op.Attempt == 1 })
	if result.State != k6run.Interrupted || result.PlannedTurns < int64(begun) || result.PlannedTurns >= 6000 {
		t.Errorf("%d turns began; result %+v", begun, result)
	}
	checkSound(t, ops)
}

// TestArrivalsWithoutARate holds that turns are due in scenarios at a rate only.
func TestArrivalsWithoutARate(t *testing.T) {
	s := newServer(t, 8)
	o := options(t, s.URL, []byte(`
import { Operator } from 'k6/x/occ';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 1 } } };
const operator = new Operator();
export default function () { operator.arrivals(); }`))
	result := runK6(t, context.Background(), o)
	if result.ScriptErrors != 1 || !strings.Contains(result.Messages[0], "scheduling scenario s: its executor is neither constant-arrival-rate nor") {
		t.Errorf("result %+v", result)
	}
}
