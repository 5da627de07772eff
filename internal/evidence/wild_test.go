package evidence

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// wildRun writes a run in which everything that a history can say happens by
// chance: the same seed gives the same run.
func wildRun(t testing.TB, seed uint64) run.Dir {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(t.TempDir(), start)
	if err != nil {
		t.Fatal(err)
	}
	operations := 1 + r.IntN(3000)
	pace := int64(1+r.IntN(20)) * 1_000_000
	length := time.Duration(int64(operations) * pace)
	m := run.Manifest{Start: start, Base: start, End: start.Add(length), State: run.Complete, Cores: 2, K6CPU: run.DurationText(length / 2),
		Spec: run.Spec{Scenario: run.UpdateScenario, Operators: 8, Duration: length, WarmupAuto: r.IntN(2) == 0, Attempts: 3,
			Budget: time.Second, Timeout: time.Second, Think: workload.Fixed(5 * time.Millisecond), RandSeed: seed}}
	if r.IntN(3) == 0 {
		m.Spec.Think = workload.Lognormal{Median: 5 * time.Millisecond, P95: 9 * time.Millisecond}
	}
	if r.IntN(3) == 0 {
		m.Spec.Rate, m.PlannedIterations, m.DroppedIterations = 20, int64(operations), int64(r.IntN(20))
	}
	if r.IntN(4) == 0 {
		m.Spec.Browser, m.Spec.FirstDesk = 1, 7
	}
	if r.IntN(3) == 0 {
		m.Spec.UntilDecided = true
		m.Decisions = []run.Decision{{Gate: gate.ErrorRate, Verdict: "PASS", AfterS: length.Seconds() / 2, Limit: 0.01, Confidence: 0.95,
			BeforeNS: int64(length) / 2}}
	}
	if err := dir.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	var stalls strings.Builder
	stalls.WriteString("start,end,late\n")
	for at := int64(0); at < int64(length); at += 1 + r.Int64N(int64(length)) {
		fmt.Fprintf(&stalls, "%d,%d,%d\n", at, at+100_000_000, r.Int64N(90_000_000))
	}
	if r.IntN(2) == 0 {
		if err := os.WriteFile(dir.File(run.StallsFile), []byte(stalls.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines, free := []byte(history.Header+"\n"), map[int32]int64{}
	for i := range operations {
		op := wildOp(r, int64(i)*pace, pace)
		if late := free[op.Operator] - op.Start; late > 0 { // none does two things at once
			op.Start += late
			if op.Answered() {
				op.End += late
			}
		}
		if op.Unrecordable() == "" {
			free[op.Operator] = max(op.Start, op.End)
			lines = history.AppendOp(lines, &op)
		}
	}
	if err := os.WriteFile(dir.File(run.HistoryFile), lines, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// wildOp returns an operation that began about a time, which may not be recordable.
func wildOp(r *rand.Rand, now, pace int64) history.Op {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	op := history.New()
	op.Operator, op.Attempt, op.HTTP = int32(1+r.IntN(8)), uint8(1+r.IntN(2)), 200
	if r.IntN(50) == 0 {
		op.Operator = 1<<20 + int32(r.IntN(3))
	}
	op.Start = max(now-r.Int64N(5*pace), 0)
	op.End = op.Start + r.Int64N(10*pace)
	if r.IntN(200) == 0 {
		op.End += int64(6 * time.Second)
	}
	if r.IntN(3) == 0 {
		op.Scheduled = max(op.Start-r.Int64N(2*pace), 0)
	}
	op.Record, op.Token = pick("1", "2", "3", "a-4", "longer-than-others-5"), r.Int64N(1+now/pace/5+3)
	op.State = pick("scheduled", "in_progress", "ready", "completed", "no_show", "")
	op.Flags = history.Flags(0)
	for _, f := range []history.Flags{history.Warmup, history.Double, history.Race, history.Stalled, history.Contradiction} {
		if r.IntN(25) == 0 {
			op.Flags |= f
		}
	}
	outcomes := history.Outcomes()
	switch r.IntN(10) {
	case 0:
		op.Kind, op.Operator, op.Attempt = history.Audit, 0, 0
		op.Outcome = history.Seen
	case 1, 2, 3, 4:
		op.Kind, op.Outcome = history.Read, history.Seen
	default:
		op.Kind, op.Outcome = history.Update, history.Applied
		op.Expected, op.Target = max(op.Token-1, 0), pick("in_progress", "ready", "completed", "")
	}
	if r.IntN(5) == 0 {
		op.Outcome = outcomes[r.IntN(len(outcomes))]
	}
	switch op.Outcome {
	case history.Conflict:
		op.HTTP = 409
	case history.Rejected:
		op.HTTP = 422
	case history.ServerError:
		op.HTTP, op.Token, op.State = 500, history.None, ""
	case history.NoAnswer:
		op.End, op.HTTP, op.Token, op.State = history.None, 0, history.None, ""
	case history.Absent:
		op.Token, op.State = history.None, ""
	}
	return op
}
