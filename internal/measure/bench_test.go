package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// traffic makes n operations: reads and updates in turn, 3 % conflicts.
func traffic(n, operators, records int) []history.Op {
	r := rand.New(rand.NewPCG(1, 2))
	ids := make([]string, records)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	ops := make([]history.Op, n)
	now := int64(0)
	for i := range ops {
		op := history.New()
		now += 1000
		turn := i / 2
		op.Operator, op.Attempt = int32(1+turn%operators), 1
		op.Record = ids[(turn*7919)%records]
		op.Start, op.End = now, now+int64(5e6*math.Exp(r.NormFloat64()))
		op.Kind, op.Outcome, op.HTTP, op.Token, op.State = history.Read, history.Seen, 200, 3, "ready"
		if i%2 == 1 {
			op.Kind, op.Outcome, op.Expected, op.Target = history.Update, history.Applied, 3, "in_progress"
			if r.IntN(100) < 3 {
				op.Outcome, op.HTTP = history.Conflict, 409
			}
		}
		ops[i] = op
	}
	return ops
}

// One iteration is a million operations added, and the numbers asked for once.
func BenchmarkMeasure(b *testing.B) {
	for _, records := range []int{8, 1000} {
		b.Run(fmt.Sprintf("%d records", records), func(b *testing.B) {
			ops := traffic(1_000_000, 20, records)
			b.ReportAllocs()
			for b.Loop() {
				m := New(Options{})
				for i := range ops {
					m.Add(&ops[i])
				}
				m.Numbers()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/operation")
		})
	}
}
