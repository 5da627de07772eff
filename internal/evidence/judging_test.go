package evidence

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/run"
)

// playedRun writes a run of a correct server.
func playedRun(t testing.TB, play historytest.Play) run.Dir {
	t.Helper()
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(t.TempDir(), start)
	if err != nil {
		t.Fatal(err)
	}
	length := time.Duration(play.Length())
	err = dir.WriteManifest(run.Manifest{Start: start, Base: start, End: start.Add(length), State: run.Complete,
		Spec: run.Spec{Scenario: run.UpdateScenario, Operators: max(play.Operators, 20), Duration: length, Warmup: 2 * time.Second,
			Attempts: 3, Timeout: 10 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(dir.File(run.HistoryFile))
	if err == nil {
		err = errors.Join(play.Write(file), file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// processorTime returns the processor time that this process has taken.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkJudging reads a run of ten million operations for all judges.
func BenchmarkJudging(b *testing.B) {
	operations := 10_000_000
	if testing.Short() {
		operations /= 5
	}
	for _, records := range []int{50, 1_000} {
		b.Run(strconv.Itoa(records)+" records", func(b *testing.B) {
			dir := playedRun(b, historytest.Play{Operations: operations, Records: records})
			begun := processorTime(b)
			for b.Loop() {
				r, err := LoadRecording(dir, Options{Policy: gate.Default(), Check: &check.Options{}})
				if err != nil || !r.Checked.Judged || len(r.Checked.Anomalies) > 0 {
					b.Fatalf("%+v, %v", r, err)
				}
			}
			b.ReportMetric((processorTime(b)-begun).Seconds()/float64(b.N), "s-CPU/op")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
		})
	}
}
