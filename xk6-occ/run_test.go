package occ_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/scenarios"
)

func TestUpdateScenario(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Warmup = 200 * time.Millisecond
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Complete || result.ScriptErrors != 0 || len(result.Messages) != 0 {
		t.Fatalf("result %+v", result)
	}
	ops := historytest.Load(t, o.Traces.History)
	moves := count(ops, isMove)
	if moves == 0 || int64(moves) != s.attempts.Load() {
		t.Errorf("the history has %d attempts, the server %d", moves, s.attempts.Load())
	}
	if audits := count(ops, isAudit); audits != 2*12 {
		t.Errorf("%d audit lines, want 12 at the start and 12 at the end", audits)
	}
	checkOrder(t, ops)
	warm := count(ops, func(op history.Op) bool { return op.Flags&history.Warmup != 0 })
	if warm == 0 || warm == len(ops)-24 {
		t.Errorf("%d of %d operations are in the warm-up", warm, len(ops))
	}
	checkSummaryCounts(t, o.Traces.Summary, ops)
}

// checkOrder wants the first audit before every turn and the last one after.
func checkOrder(t *testing.T, ops []history.Op) {
	t.Helper()
	var firstTurn, lastTurn int64 = 1 << 62, 0
	for _, op := range ops {
		if op.Kind != history.Audit {
			firstTurn, lastTurn = min(firstTurn, op.Start), max(lastTurn, op.End)
		}
	}
	if first := ops[0]; first.Kind != history.Audit || first.End > firstTurn {
		t.Errorf("the first operation is %+v, the first turn began at %d", first, firstTurn)
	}
	if last := ops[len(ops)-1]; last.Kind != history.Audit || last.Start < lastTurn {
		t.Errorf("the last operation is %+v, the last turn ended at %d", last, lastTurn)
	}
}

// summary is what handleSummary of update.js writes.
type summary struct {
	Recording struct {
		Operations, Dropped int
		Error               string
	}
	Metrics map[string]struct{ Values map[string]float64 }
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// checkSummaryCounts wants k6 to have counted what was recorded.
func checkSummaryCounts(t *testing.T, path string, ops []history.Op) {
	t.Helper()
	var s summary
	readJSON(t, path, &s)
	if r := s.Recording; r.Operations != len(ops) || r.Dropped != 0 || r.Error != "" {
		t.Errorf("recording %+v, want %d operations", r, len(ops))
	}
	measured := func(op history.Op) bool { return isMove(op) && op.Flags&history.Warmup == 0 }
	conflict := func(op history.Op) bool { return measured(op) && op.Outcome == history.Conflict }
	want := map[string]map[string]float64{
		"occ_attempts":         {"count": float64(count(ops, measured))},
		"occ_attempt_duration": {"count": float64(count(ops, measured))},
		"occ_conflict_rate":    {"passes": float64(count(ops, conflict))},
		"occ_error_rate":       {"passes": 0, "fails": float64(count(ops, measured))},
	}
	for metric, values := range want {
		for name, value := range values {
			if got := s.Metrics[metric].Values[name]; got != value {
				t.Errorf("%s %s is %v, want %v", metric, name, got, value)
			}
		}
	}
	for _, metric := range []string{"data_sent", "data_received", "occ_read_duration"} {
		if values := s.Metrics[metric].Values; values["count"] <= 0 {
			t.Errorf("%s is %v", metric, values)
		}
	}
}
