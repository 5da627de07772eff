package pipeline

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/watch"
	"github.com/occbench/occbench/internal/workload"
)

// recordRun plays a correct server for a moment, in the closed model or at a
// rate, and returns the history.
func recordRun(t *testing.T, rate float64) ([]history.Op, run.Manifest) {
	t.Helper()
	_, client, roster := openBoard(t, 5)
	c := &crew{client: client, roster: roster, think: workload.Exponential(3 * time.Millisecond), pause: workload.Exponential(3 * time.Millisecond), operators: 10, rate: rate}
	if _, err := operator.Audit(t.Context(), client, "load", nil, c.record); err != nil {
		t.Fatal(err)
	}
	span, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	if err := c.play(span); err != nil {
		t.Fatal(err)
	}
	m := run.Manifest{Spec: run.Spec{Operators: c.operators, Timeout: 5 * time.Second}}
	if rate > 0 {
		m.Spec.Operators, m.Spec.MaxOperators, m.Spec.Rate = 0, c.operators, rate
	}
	return c.ops, m
}

func writeOps(t *testing.T, dir run.Dir, ops []history.Op) {
	t.Helper()
	text := []byte(history.Header + "\n")
	for i := range ops {
		text = history.AppendOp(text, &ops[i])
	}
	if err := os.WriteFile(dir.File(run.HistoryFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// However much of a correct server's history has been written, nothing is
// proven; a lost update is, as soon as nothing before it can be missing.
func TestProofOnTheWay(t *testing.T) {
	t.Run("closed", func(t *testing.T) { proofOnTheWay(t, 0) })
	t.Run("open", func(t *testing.T) { proofOnTheWay(t, 600) })
}

func proofOnTheWay(t *testing.T, rate float64) {
	ops, m := recordRun(t, rate)
	if found, looked := lookOnTheWay(t, ops, m, nil); looked < 20 || found != "" {
		t.Fatalf("%d looks found a watermark; of a correct server: %s", looked, found)
	}
	lost := slices.IndexFunc(ops, func(o history.Op) bool { return o.Outcome == history.Conflict && o.State != "" })
	if lost < 0 {
		t.Fatal("no conflict in the history")
	}
	ops[lost].Outcome, ops[lost].HTTP, ops[lost].Token, ops[lost].State = history.Applied, 200, ops[lost].Expected+1, ops[lost].Target
	if found, _ := lookOnTheWay(t, ops, m, nil); !strings.HasPrefix(found, "ended early, an anomaly is proven: OCC-") {
		t.Errorf("a lost update in the history: %q", found)
	}
	all := []string{"OCC-01", "OCC-02", "OCC-03", "OCC-04", "OCC-05", "OCC-06", "OCC-07", "OCC-08", "OCC-09", "OCC-10", "OCC-11", "OCC-12", "OCC-13"}
	if found, _ := lookOnTheWay(t, ops, m, all); found != "" {
		t.Errorf("a tolerated anomaly ends the run: %q", found)
	}
}

// lookOnTheWay watches a history grow in fifty parts. It returns why the run was
// ended, and how many looks had anything to judge.
func lookOnTheWay(t *testing.T, ops []history.Op, m run.Manifest, tolerated []string) (ended string, looked int) {
	t.Helper()
	dir, err := run.Create(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	policy := gate.Default()
	policy.Tolerated = tolerated
	now := m.Base
	var shot live.Snapshot
	m.Spec.FailFast = true
	w := watch.New(watch.Options{Policy: policy, Dir: dir, Manifest: &m, Shown: true,
		Show: func(change func(*live.Snapshot)) { change(&shot) }, Now: func() time.Time { return now }})
	for n := len(ops) / 50; ; n = min(n+len(ops)/50, len(ops)) {
		appendOps(t, dir, ops[:n])
		now = m.Base.Add(time.Duration(ops[n-1].End))
		enough, err := w.Look()
		if err != nil {
			t.Fatal(err)
		}
		if shot.Looked {
			looked++
		}
		if enough || n == len(ops) {
			m.State = run.Interrupted
			w.Note(&m, true)
			return m.Reason, looked
		}
	}
}

// appendOps writes a history that only grows: a watcher follows the file.
func appendOps(t *testing.T, dir run.Dir, ops []history.Op) {
	t.Helper()
	text := []byte(history.Header + "\n")
	for i := range ops {
		text = history.AppendOp(text, &ops[i])
	}
	file, err := os.OpenFile(dir.File(run.HistoryFile), os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = file.Write(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}
