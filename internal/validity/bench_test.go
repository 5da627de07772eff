package validity

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// BenchmarkMeasure is the cost of a turn: a read and an update, with a conflict in
// five, on 200 records.
func BenchmarkMeasure(b *testing.B) {
	const n = 1 << 16
	r := rand.New(rand.NewPCG(1, 2))
	ops := make([]history.Op, 0, 2*n)
	for i := range n {
		outcome := history.Applied
		if r.IntN(5) == 0 {
			outcome = history.Conflict
		}
		at := int64(i) * 10
		ops = append(ops, turn{operator: int32(i%20 + 1), record: string(rune(0x4e00 + r.IntN(200))), read: at, update: at + 101, took: 1, outcome: outcome}.ops()...)
	}
	b.ReportAllocs()
	b.ResetTimer()
	m := New(Run{Spec: run.Spec{Operators: 20, Think: workload.Fixed(100 * time.Millisecond), Duration: time.Hour}})
	for i := range b.N {
		m.Add(&ops[2*i%len(ops)])
		m.Add(&ops[(2*i+1)%len(ops)])
	}
	if _, err := m.Report(); err != nil {
		b.Fatal(err)
	}
}
