package occ_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

// Operators who share VUs are those that they would be with a VU each: each plays, with
// its number and its picks, and what is recorded is what the server counted, also when the
// run is interrupted.
func TestSharedVUs(t *testing.T) {
	for name, state := range map[string]k6run.State{"to the end": k6run.Complete, "interrupted": k6run.Interrupted} {
		t.Run(name, func(t *testing.T) {
			const operators = 600
			s := newServer(t, 100)
			o := options(t, s.URL, scenarios.Update)
			o.Declared = true
			o.Spec.Operators, o.Spec.Duration, o.Spec.Warmup, o.Spec.Races = operators, 4*time.Second, 100*time.Millisecond, workload.Races{}
			o.Spec.Think, o.Spec.Pause, o.Spec.Timeout = workload.Fixed(100*time.Millisecond), workload.Fixed(100*time.Millisecond), time.Minute
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if state == k6run.Interrupted {
				o.Spec.Duration = 10 * time.Minute
				after(s, 5*operators, cancel)
			}
			result := runK6(t, ctx, o)
			if result.State != state || result.ScriptErrors != 0 {
				t.Fatalf("result %+v", result)
			}
			ops := historytest.Load(t, o.Traces.History)
			if moves := int64(count(ops, isMove)); moves == 0 || moves != s.attempts.Load() {
				t.Errorf("the history has %d attempts, the server counted %d", moves, s.attempts.Load())
			}
			checkOrder(t, ops)
			played := checkFirstPicks(t, ops, operators, o.Spec.RandSeed)
			if state == k6run.Interrupted && played != operators { // after five turns of each, on average
				t.Errorf("%d operators played, want %d", played, operators)
			}
		})
	}
}

// checkFirstPicks wants each operator who played to have picked first what the seed and
// its number say, and returns how many played.
func checkFirstPicks(t *testing.T, ops []history.Op, operators int, seed uint64) int {
	t.Helper()
	var roster []string
	first := map[int32]string{}
	for _, op := range ops {
		if op.Kind == history.Audit && len(roster) < 100 {
			roster = append(roster, op.Record)
		}
		if _, known := first[op.Operator]; op.Kind == history.Read && !known {
			first[op.Operator] = op.Record
		}
	}
	slices.SortFunc(roster, operator.CompareIDs)
	for number, got := range first {
		r := rand.New(rand.NewPCG(seed, uint64(number)))
		want := roster[workload.Pick{}.NewPicker(len(roster), int(number), operators).Pick(r)]
		if got != want || int(number) > operators {
			t.Errorf("operator %d picked %q first, want %q", number, got, want)
		}
	}
	return len(first)
}
