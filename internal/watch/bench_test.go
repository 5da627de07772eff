package watch

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/run"
)

// BenchmarkFollowing follows runs that are written 5,000 operations at a time, with a
// look after each: operations that a second of processor time decodes and checks
// behind the watermark. A run ten times as long takes ten times as long where a look costs
// what is new and no more.
func BenchmarkFollowing(b *testing.B) {
	for _, operations := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d operations", operations), func(b *testing.B) {
			play := historytest.Play{Operations: operations, Records: 1_000}
			var text bytes.Buffer
			if err := play.Write(&text); err != nil {
				b.Fatal(err)
			}
			begun := processorTime(b)
			for b.Loop() {
				followRun(b, text.Bytes(), play)
			}
			b.ReportMetric(float64(operations*b.N)/(processorTime(b)-begun).Seconds(), "operations/CPU-s")
		})
	}
}

// processorTime returns the processor time that this process has taken.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// followRun follows a run that is written piece by piece.
func followRun(b *testing.B, text []byte, play historytest.Play) {
	base := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(b.TempDir(), base)
	if err != nil {
		b.Fatal(err)
	}
	file, err := os.Create(dir.File(run.HistoryFile))
	if err != nil {
		b.Fatal(err)
	}
	now := base
	w := New(Options{Policy: gate.Default(), Dir: dir, API: apitest.Appointments(b), Show: unseen,
		Manifest: &run.Manifest{Base: base, Spec: run.Spec{Operators: 20, Timeout: time.Second, FailFast: true}}, Now: func() time.Time { return now }})
	defer w.close()
	const perLook = 5_000
	looks := play.Operations / perLook
	for i := range looks {
		if _, err := file.Write(text[len(text)*i/looks : len(text)*(i+1)/looks]); err != nil {
			b.Fatal(err)
		}
		now = base.Add(time.Duration(play.Length()) * time.Duration(i+1) / time.Duration(looks))
		if enough, err := w.Look(); enough || err != nil {
			b.Fatal(w.ended, err)
		}
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	if more := len(w.waiting); more > 2*perLook {
		b.Fatalf("%d operations wait behind the watermark", more)
	}
}
