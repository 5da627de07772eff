package occ_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/cmd"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	_ "github.com/occbench/occbench/xk6-occ"
)

// The test binary is k6 when it is called so, as occbench is: every run of
// these tests is a real k6 in a process of its own.
func TestMain(m *testing.M) {
	if k6run.IsK6(os.Args) {
		profile()
		os.Args = k6run.K6Args(os.Args)
		cmd.Execute()
	}
	if words := os.Getenv(rawEnv); words != "" {
		if err := playRaw(strings.Fields(words)); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// options are a short run of a scenario against a target, recorded in a
// directory of the test.
func options(t testing.TB, target string, scenario []byte) k6run.Options {
	t.Helper()
	dir := t.TempDir()
	return k6run.Options{
		Dir:    dir,
		Source: scenario,
		Spec: run.Spec{
			Target: target, Date: "2030-01-15", Operators: 4, Duration: time.Second, RandSeed: 1, Timeout: 2 * time.Second,
			Think: workload.Fixed(5 * time.Millisecond), Pause: workload.Fixed(5 * time.Millisecond),
		},
		Traces: k6run.Traces{
			Base:    time.Now(),
			History: filepath.Join(dir, "history.csv"), Summary: filepath.Join(dir, "summary.json"),
		},
		Grace: 30 * time.Second,
	}
}

func runK6(t testing.TB, ctx context.Context, o k6run.Options) k6run.Result {
	t.Helper()
	result, err := k6run.Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(o.Dir, k6run.LogFile))
			t.Logf("result %+v\nk6.log:\n%s", result, log)
		}
	})
	return result
}

func count(ops []history.Op, keep func(history.Op) bool) (n int) {
	for _, op := range ops {
		if keep(op) {
			n++
		}
	}
	return n
}

func isMove(op history.Op) bool  { return op.Kind == history.Update }
func isAudit(op history.Op) bool { return op.Kind == history.Audit }
