package check

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// hardShapes are histories of one record that keep the checker from settling
// anything: each yields about n operations.
var hardShapes = []struct {
	name string
	op   func(i int64, o *history.Op)
}{
	{"lost answers and 409s without a version", func(i int64, o *history.Op) {
		o.Expected = i / 2
		if o.Outcome, o.HTTP, o.End = history.Conflict, 409, o.Start+8; i%2 == 0 {
			o.Outcome, o.HTTP, o.End = history.NoAnswer, 0, history.None
		}
	}},
	{"422s", func(i int64, o *history.Op) {
		o.Expected, o.Target, o.Outcome, o.HTTP = i/2, "completed", history.Rejected, 422
		if i%2 == 0 {
			acknowledged(i/2, o)
		}
	}},
	{"404s and lost answers", func(i int64, o *history.Op) {
		o.Expected = i / 2
		if o.Outcome, o.HTTP = history.Rejected, 404; i%2 == 0 {
			o.Outcome, o.HTTP, o.End = history.NoAnswer, 0, history.None
		}
	}},
	{"versions that go down", func(i int64, o *history.Op) {
		o.Kind, o.Outcome, o.Expected, o.Target, o.Token, o.State = history.Read, history.Seen, history.None, "", 1<<40-i, "ready"
	}},
	{"every second version is lost", func(i int64, o *history.Op) {
		if acknowledged(i, o); i%2 == 0 {
			o.Outcome, o.HTTP, o.End, o.Token, o.State = history.NoAnswer, 0, history.None, history.None, ""
		}
	}},
	{"acknowledgements of the wrong version", func(i int64, o *history.Op) {
		acknowledged(i, o)
		o.Token++
	}},
	{"409s for versions to come", func(i int64, o *history.Op) {
		o.Expected, o.Outcome, o.HTTP = 1<<30-i, history.Conflict, 409
	}},
}

func acknowledged(expected int64, o *history.Op) {
	o.Expected, o.Target, o.Outcome, o.HTTP = expected, "ready", history.Applied, 200
	if expected%2 == 1 {
		o.Target = "in_progress"
	}
	o.Token, o.State = expected+1, o.Target
}

// hard yields n operations of a shape, in the order of their starts.
func hard(n int64, shape func(int64, *history.Op), yield func(*history.Op)) {
	for i := range n {
		o := history.New()
		o.Kind, o.Record, o.Operator, o.Attempt, o.Target = history.Update, "17", int32(i%60_000+1), 1, "ready"
		o.Start, o.End = 10*i, 10*i+3
		shape(i, &o)
		yield(&o)
	}
}

func judgeHard(n int64, shape func(int64, *history.Op)) *Checker {
	c := New(Options{API: shop})
	c.fold = foldAt
	hard(n, shape, func(o *history.Op) { c.Add(o, 0) })
	c.judge(false)
	return c
}

// TestStepsAreLinear counts what the checker looks at: four times the operations
// are four times the steps.
func TestStepsAreLinear(t *testing.T) {
	for _, shape := range hardShapes {
		t.Run(shape.name, func(t *testing.T) {
			few, many := judgeHard(5_000, shape.op).steps, judgeHard(20_000, shape.op).steps
			t.Logf("%d steps for 5,000 operations, %d for 20,000", few, many)
			if few == 0 || float64(many) > 5*float64(few) {
				t.Errorf("%d steps for 5,000 operations and %d for 20,000, want four times as many", few, many)
			}
		})
	}
}

// BenchmarkHardShapes shows how the time grows with the number of operations:
// exponent is 1 where it is linear.
func BenchmarkHardShapes(b *testing.B) {
	for _, shape := range hardShapes {
		b.Run(strings.ReplaceAll(shape.name, " ", "-"), func(b *testing.B) {
			var took [3]time.Duration
			for range b.N {
				for i, n := range []int64{10_000, 100_000, 1_000_000} {
					begin := time.Now()
					judgeHard(n, shape.op)
					took[i] += time.Since(begin)
				}
			}
			for i, name := range []string{"1e4", "1e5", "1e6"} {
				b.ReportMetric(took[i].Seconds()*1000/float64(b.N), fmt.Sprintf("ms/%s", name))
			}
			b.ReportMetric(math.Log10(float64(took[2])/float64(took[1])), "exponent")
		})
	}
}
