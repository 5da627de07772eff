package history

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"testing"
)

// traffic returns a history like that of a run: n operations of 20 operators
// on 50 records, every tenth move a conflict.
func traffic(n int) []Op {
	ops := make([]Op, n)
	for i := range ops {
		o := New()
		o.Start, o.Operator, o.Attempt = int64(i)*1_000_003, int32(i%20+1), 1
		o.End = o.Start + 700_000
		o.Kind, o.Outcome, o.HTTP = Read, Seen, 200
		o.Record, o.Token, o.State = fmt.Sprint(1000+i%50), int64(i/50+1), "in_progress"
		if i%2 == 1 {
			o.Kind, o.Outcome, o.Expected, o.Target = Update, Applied, o.Token-1, "ready"
			if i%10 == 1 {
				o.Outcome, o.HTTP = Conflict, 409
			}
		}
		ops[i] = o
	}
	return ops
}

func encode(ops []Op) []byte {
	data := []byte(Header + "\n")
	for i := range ops {
		data = AppendOp(data, &ops[i])
	}
	return data
}

func BenchmarkReader(b *testing.B) {
	const n = 100_000
	data := encode(traffic(n))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var o Op
	for b.Loop() {
		r := NewReader(bytes.NewReader(data), "bench")
		ops := 0
		for r.Read(&o) == nil {
			ops++
		}
		if ops != n {
			b.Fatalf("read %d operations, want %d", ops, n)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

func BenchmarkAppendOp(b *testing.B) {
	ops := traffic(1000)
	var line []byte
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		line = AppendOp(line[:0], &ops[i%len(ops)])
		i++
	}
}

// BenchmarkRecorder records from 20 goroutines without a pause, the worst case
// for the lock; the writer takes what comes, as a disk with a page cache does.
func BenchmarkRecorder(b *testing.B) {
	ops := traffic(1000)
	r := NewRecorder(sink{io.Discard}, RecorderOptions{})
	b.ReportAllocs()
	b.ResetTimer()
	var operators sync.WaitGroup
	for operator := range 20 {
		operators.Go(func() {
			for i := operator; i < b.N; i += 20 {
				r.Record(&ops[i%len(ops)])
			}
		})
	}
	operators.Wait()
	b.StopTimer()
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(r.Dropped()), "dropped")
}

// sink makes a writer closable.
type sink struct{ io.Writer }

func (sink) Close() error { return nil }
