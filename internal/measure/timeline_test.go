package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

func timeline(ops []history.Op) Timeline {
	s := NewSeries(0)
	for i := range ops {
		s.Add(&ops[i])
	}
	return s.Timeline()
}

// What the pictures show adds up to what the numbers say, however long the run
// is and however the second clicks are mixed in.
func TestTimelineAgreesWithNumbers(t *testing.T) {
	for _, n := range []int{0, 1, 2, 600, 40_000} {
		for _, spread := range []int64{1, 1_000, 50_000} {
			t.Run(fmt.Sprintf("%d operations, %d apart", n, spread), func(t *testing.T) {
				r, m := rand.New(rand.NewPCG(7, 7)), New(Options{})
				ops := traffic(n, 20, 8)
				for i := range ops {
					op := &ops[i]
					length := op.End - op.Start
					op.Start *= spread
					op.End = op.Start + length
					switch {
					case r.IntN(50) == 0:
						op.End, op.Outcome = history.None, history.NoAnswer
					case op.Kind == history.Update && r.IntN(5) == 0:
						op.Flags |= history.Double
					}
					m.Add(op)
				}
				got, want := timeline(ops), m.Numbers()
				if len(got.Bins) > Bins || n > 0 && len(got.Bins) < Bins/4 && got.StepS > toSeconds(firstStep) {
					t.Errorf("%d bins of %v s", len(got.Bins), got.StepS)
				}
				for _, coarse := range []Timeline{got, got.Coarsen(100), got.Coarsen(7), got.Coarsen(1)} {
					compareTotals(t, coarse, want)
				}
			})
		}
	}
}

func compareTotals(t *testing.T, got Timeline, want Numbers) {
	t.Helper()
	var all Bin
	for i := range got.Bins {
		all.merge(&got.Bins[i])
	}
	outcomes := map[history.Outcome]int{}
	for _, o := range history.UpdateOutcomes() {
		outcomes[o] = all.Outcomes[o]
	}
	if diff := cmp.Diff(want.Outcomes, outcomes); diff != "" {
		t.Errorf("outcomes (-want +got)\n%s", diff)
	}
	attempts, conflicts := 0, 0
	for _, c := range got.Records.Each {
		attempts, conflicts = attempts+c.Attempts, conflicts+c.Conflicts
	}
	if all.Reads != want.Reads.Count || all.ReadsFailed != want.Reads.Failed || all.Attempts() != want.Attempts || all.Errors() != want.ErrorRate.Hits ||
		attempts != want.Attempts || conflicts != want.ConflictRate.Hits {
		t.Errorf("%d reads, %d failed, %d attempts, %d errors, %d and %d by record; want %+v", all.Reads, all.ReadsFailed, all.Attempts(), all.Errors(), attempts, conflicts, want)
	}
	for _, q := range []struct {
		share float64
		want  *float64
	}{{0.5, want.Latency.P50MS}, {0.95, want.Latency.P95MS}, {1, want.Latency.MaxMS}} {
		near(t, q.share, all.Latency.Quantile(q.share), q.want)
	}
}

// near asks that a quantile of buckets is the true one or up to a bucket above.
func near(t *testing.T, q float64, got, want *float64) {
	t.Helper()
	if (got == nil) != (want == nil) {
		t.Fatalf("quantile %v: %v, want %v", q, got, want)
	}
	if got != nil && (*got < *want || *got > max(*want*(1+1.0/perOctave), 0.02)) {
		t.Errorf("quantile %v: %v, want %v", q, *got, *want)
	}
}

func TestTimelineShowsTheWarmup(t *testing.T) {
	ops := traffic(1000, 20, 8)
	for i := range ops {
		ops[i].Start *= 100_000
		ops[i].End = ops[i].Start + 1e6
		if i < 100 {
			ops[i].Flags |= history.Warmup
		}
	}
	got := timeline(ops)
	if want := toSeconds(ops[100].Start); got.MeasuredS != want {
		t.Errorf("the warm-up ends at %v s, want %v", got.MeasuredS, want)
	}
	if want := toSeconds(ops[999].Start); got.EndS != want {
		t.Errorf("the last operation was sent at %v s, want %v", got.EndS, want)
	}
	attempts := 0
	for i := range got.Bins {
		attempts += got.Bins[i].Attempts()
	}
	if attempts != 500 || got.Records.Each[0].Attempts > 450 {
		t.Errorf("%d attempts in the bins, %+v", attempts, got.Records.Each)
	}
}

// Whatever the file says, there is a bin for it.
func TestTimelineTakesAnyTime(t *testing.T) {
	var ops []history.Op
	for _, start := range []int64{-5, 0, 1, math.MaxInt64 / 4, 77, math.MaxInt64 - 1} {
		op := history.New()
		op.Kind, op.Outcome, op.Start, op.End, op.Attempt = history.Update, history.Applied, start, start+1, 1
		ops = append(ops, op)
	}
	got := timeline(ops)
	if first, last := got.Bins[0].Attempts(), got.Bins[len(got.Bins)-1].Attempts(); first != 4 || last != 1 || len(got.Bins) > Bins {
		t.Errorf("%d bins, %d in the first, %d in the last", len(got.Bins), first, last)
	}
}

func TestManyRecordsAreBounded(t *testing.T) {
	s, op := NewSeries(0), history.New()
	op.Kind, op.Outcome = history.Update, history.Applied
	for i := range mostRecords + 5 {
		op.Record = fmt.Sprint(i)
		s.Add(&op)
	}
	if got := s.Timeline().Records; len(got.Each) != mostRecords || got.Others != 5 {
		t.Errorf("%d records and %d others", len(got.Each), got.Others)
	}
}

func TestHistogramBuckets(t *testing.T) {
	for i := 1; i < buckets; i++ {
		ns := int64(math.Round(bucketStart(i) * 1e6))
		if bucketIndex(ns) != i || bucketIndex(ns-1) != i-1 {
			t.Errorf("bucket %d begins at %d ns, which is in %d after %d", i, ns, bucketIndex(ns), bucketIndex(ns-1))
		}
	}
	if bucketIndex(0) != 0 || bucketIndex(-1) != 0 || bucketIndex(math.MaxInt64) != buckets-1 {
		t.Error("the ends")
	}
}

func TestHistogramSteps(t *testing.T) {
	var h Histogram
	for _, ms := range []int64{1, 1, 2, 100} {
		h.add(ms * 1e6)
	}
	h.add(math.MaxInt64)
	for _, doubling := range []int{1, 2, 4, 8, 16} {
		n, last := 0, 0.0
		for _, s := range h.Steps(doubling) {
			if s.FromMS < last || s.ToMS <= s.FromMS || s.ToMS > s.FromMS*2.001 {
				t.Errorf("%+v after %v", s, last)
			}
			n, last = n+s.Count, s.ToMS
		}
		if n != 4 {
			t.Errorf("%d to a doubling: %d counted", doubling, n)
		}
	}
	if h.CountNever() != 1 || h.Len() != 5 || h.Quantile(1) != nil {
		t.Errorf("%d never of %d, the slowest %v", h.CountNever(), h.Len(), h.Quantile(1))
	}
}

// One iteration is a million operations binned.
func BenchmarkSeries(b *testing.B) {
	ops := traffic(1_000_000, 20, 1000)
	b.ReportAllocs()
	for b.Loop() {
		timeline(ops)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/operation")
}
