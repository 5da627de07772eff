package pipeline

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// BenchmarkJudging judges runs of ten million operations as a validation does
// after its load: decode, check, measure, gate, report.
func BenchmarkJudging(b *testing.B) {
	const operations = 10_000_000
	for _, records := range []int{50, 1_000} {
		b.Run(strconv.Itoa(records)+" records", func(b *testing.B) {
			dir := writeLong(b, operations, records)
			p := &Pipeline{Settings: &settings.Settings{Out: b.TempDir()}, Now: time.Now}
			for b.Loop() {
				rec, err := p.checkHistory(dir, gate.Default())
				if err != nil {
					b.Fatal(err)
				}
				result, err := p.judgeRun(dir, rec, gate.Default())
				if err != nil {
					b.Fatal(err)
				}
				if !result.Anomalies.Judged || len(result.Anomalies.Anomalies) > 0 || result.Numbers.Attempts < operations/3 {
					b.Fatalf("findings %+v, %d attempts", result.Anomalies, result.Numbers.Attempts)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
		})
	}
}

// writeLong writes a run of a correct server on so many records.
func writeLong(b *testing.B, operations, records int) run.Dir {
	b.Helper()
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(b.TempDir(), start)
	if err != nil {
		b.Fatal(err)
	}
	play := historytest.Play{Operations: operations, Records: records}
	length := time.Duration(play.Length())
	err = dir.WriteManifest(run.Manifest{Start: start, Base: start, End: start.Add(length), State: run.Complete,
		Spec: run.Spec{Scenario: run.UpdateScenario, Operators: 20, Duration: length, Warmup: 2 * time.Second, Attempts: 3, Timeout: 10 * time.Second}})
	var file *os.File
	if err == nil {
		file, err = os.Create(dir.File(run.HistoryFile))
	}
	if err == nil {
		err = errors.Join(play.Write(file), file.Close())
	}
	if err != nil {
		b.Fatal(err)
	}
	return dir
}
