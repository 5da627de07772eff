package occ_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/scenarios"
)

// after calls f once, when a server has seen so many attempts.
func after(s *server, attempts int64, f func()) {
	s.intruder = func() {
		if s.attempts.Load() == attempts {
			f()
		}
	}
}

func TestInterruptedRun(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Duration = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	after(s, 50, cancel)
	result := runK6(t, ctx, o)
	if result.State != k6run.Interrupted || result.Exit != 105 {
		t.Errorf("result %+v", result)
	}
	ops := historytest.Load(t, o.Traces.History)
	if moves := int64(count(ops, isMove)); moves < 50 || moves != s.attempts.Load() {
		t.Errorf("the history has %d attempts, the server counted %d", moves, s.attempts.Load())
	}
	if audits := count(ops, isAudit); audits != 2*12 {
		t.Errorf("%d audit lines, want 12 at the start and 12 at the end", audits)
	}
	checkOrder(t, ops)
	checkSummaryCounts(t, o.Traces.Summary, ops)
}

// A server that dies ends no run: that it does not answer is what the run
// found out. There is no final audit then, and the history says so.
func TestServerThatDies(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Duration = 2 * time.Second
	after(s, 50, func() {
		s.Listener.Close()
		go s.CloseClientConnections()
	})
	checkDeaf(t, o)
}

func TestServerThatHangs(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Duration, o.Spec.Timeout = 2*time.Second, 100*time.Millisecond
	stuck := make(chan struct{})
	serve := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.attempts.Load() < 50 {
			serve.ServeHTTP(w, r)
			return
		}
		<-stuck
	})
	defer close(stuck)
	checkDeaf(t, o)
}

func checkDeaf(t *testing.T, o k6run.Options) {
	t.Helper()
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Complete || result.ScriptErrors != 0 {
		t.Errorf("result %+v", result)
	}
	if log := strings.Join(result.Messages, "\n"); !strings.Contains(log, "the final audit failed") {
		t.Errorf("messages %q do not tell of the final audit", log)
	}
	ops := historytest.Load(t, o.Traces.History)
	if unanswered := count(ops, func(op history.Op) bool { return op.Kind == history.Read && op.Outcome == history.NoAnswer }); unanswered == 0 {
		t.Error("no read without an answer is recorded")
	}
	last := ops[len(ops)-1]
	if last.Kind != history.Audit || last.Record != "" || last.Outcome != history.NoAnswer {
		t.Errorf("the last operation is %+v, want a failed audit", last)
	}
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Duration, o.Traces.History = time.Minute, "/dev/full"
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Failed || !strings.Contains(result.Reason, "no space left on device") {
		t.Errorf("result %+v", result)
	}
}

func TestHistoryIsNeverOverwritten(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	if err := os.WriteFile(o.Traces.History, []byte("evidence\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Failed || !strings.Contains(result.Reason, "is not empty") {
		t.Errorf("result %+v", result)
	}
	if data, err := os.ReadFile(o.Traces.History); string(data) != "evidence\n" {
		t.Errorf("the file is now %q, error %v", data, err)
	}
}

func TestRefusedRuns(t *testing.T) {
	const head = "import { Operator, audit } from 'k6/x/occ';\nexport const options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 6 } } };\n"
	tests := []struct {
		name, script string
		records      int
		change       func(*k6run.Options)
		state        k6run.State
		reason       string // part of it
		thrown       int
	}{
		{name: "no records", script: string(scenarios.Update), state: k6run.Failed, reason: "there is no appointment of 2030-01-15 with the tag occbench:load; seed them first"},
		{
			name: "a parameter makes no sense", records: 8, state: k6run.Failed,
			script: head + "new Operator({ think: 'soon' }); export default function () {}",
			reason: "reading parameter OCC_THINK: parsing delay \"soon\"",
		},
		{name: "an unknown option", script: head + "new Operator({ thinking: '1s' }); export default function () {}", records: 8, state: k6run.Failed, reason: `"thinking" is unknown`},
		{name: "network in the init context", script: head + "audit(); export default function () {}", records: 8, state: k6run.Failed, reason: "call audit in setup and teardown"},
		{name: "an operator in the init context", script: head + "new Operator().turn(); export default function () {}", records: 8, state: k6run.Failed, reason: "not in the init context"},
		{name: "every iteration throws", script: head + "export default function () { throw new Error('boom'); }", records: 8, state: k6run.Failed, reason: "every iteration of the scenario threw: Error: boom", thrown: 6},
		{
			name: "some iterations throw", records: 8, state: k6run.Complete, thrown: 3,
			script: head + "import exec from 'k6/execution';\nconst o = new Operator();\nexport default function () { o.turn(); if (exec.scenario.iterationInTest % 2) throw new Error('odd'); }",
		},
		{name: "a move that the contract forbids", script: head + "const o = new Operator();\nexport default function () { o.update(o.pick(), 'no_such_column'); }", records: 8, state: k6run.Failed, reason: "is no legal update", thrown: 6},
		{name: "a record that was not picked", script: head + "const o = new Operator();\nexport default function () { o.update({ id: '1', token: 1 }, 'in_progress'); }", records: 8, state: k6run.Failed, reason: "not the one that pick returned last", thrown: 6},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, test.records)
			o := options(t, s.URL, []byte(test.script))
			if !strings.Contains(test.script, "handleSummary") {
				o.Source = append(o.Source, "\nexport function handleSummary(d) { return { [__ENV.OCC_SUMMARY]: JSON.stringify(d) }; }\n"...)
			}
			if test.change != nil {
				test.change(&o)
			}
			result := runK6(t, context.Background(), o)
			if result.State != test.state || !strings.Contains(result.Reason, test.reason) || result.ScriptErrors != test.thrown {
				t.Errorf("result %+v, want %s, %d script errors and %q", result, test.state, test.thrown, test.reason)
			}
		})
	}
}

// A scenario without teardown and summary loses nothing that was recorded: the
// recording ends with k6.
func TestRecordingEndsWithK6(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, []byte(`
		import { Operator } from 'k6/x/occ';
		export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 4 } } };
		const operator = new Operator();
		export default function () { operator.turns({ count: 5 }); }`))
	if result := runK6(t, context.Background(), o); result.State != k6run.Complete {
		t.Errorf("result %+v", result)
	}
	ops := historytest.Load(t, o.Traces.History)
	turns := count(ops, func(op history.Op) bool { return op.Kind == history.Read && op.Attempt == 1 })
	if moves := int64(count(ops, isMove)); turns != 3*4*5 || moves != s.attempts.Load() {
		t.Errorf("%d turns, want 60; %d attempts, the server counted %d", turns, moves, s.attempts.Load())
	}
	if audits := count(ops, isAudit); audits != 12 {
		t.Errorf("%d audit lines, want the 12 of the first operator", audits)
	}
}
