package clocks

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// BenchmarkLearn reads four histories of 2,500,000 operations each. peak-MiB is the memory
// that the program holds, its heap and all else.
func BenchmarkLearn(b *testing.B) {
	const generators, operations, records = 4, 2_500_000, 1000
	var sources []Source
	for g := range generators {
		path := filepath.Join(b.TempDir(), fmt.Sprintf("%d.csv", g))
		file, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriterSize(file, 1<<20)
		line := []byte(history.Header + "\n")
		for i := range operations {
			w.Write(line) // the writer keeps its first error for Flush
			// All generators take turns in updating a record and reading it.
			o := history.New()
			o.Start = int64(i)*20_000 + int64(g)*5_000
			o.End, o.HTTP, o.Operator, o.Attempt, o.Record = o.Start+700_000, 200, int32(g*20+i%20+1), 1, fmt.Sprint(i/2%records)
			o.Kind, o.Outcome = history.Read, history.Seen
			o.Token, o.State = int64(i/2/records*generators+g), "in_progress"
			if i%2 == 1 {
				o.Kind, o.Outcome, o.Target = history.Update, history.Applied, "ready"
				o.Expected = o.Token
				o.Token++
			}
			line = history.AppendOp(line[:0], &o)
		}
		w.Write(line)
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
		sources = append(sources, Source{Generator: fmt.Sprint(g), Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	runtime.GC()
	begun := processorTime(b)
	for b.Loop() {
		bounds, err := Learn(sources, Options{Counting: true})
		if err != nil || len(bounds.Void) > 0 || bounds.Sum().Largest == Unknown {
			b.Fatal(bounds.Void, bounds.Sum(), err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "peak-MiB")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/run")
	b.ReportMetric((processorTime(b)-begun).Seconds()/float64(b.N), "cpu-s/run")
}

// processorTime returns what the process has taken of all processors.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
