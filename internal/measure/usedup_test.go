package measure

import (
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// When the last record is finished the run is over, however long its operators go
// on looking at the list.
func TestReadsOfABoardThatIsUsedUp(t *testing.T) {
	m := New(Options{States: &apitest.Appointments(t).States})
	second := int64(time.Second)
	for i := range int64(10) {
		read, update := history.New(), history.New()
		read.Kind, read.Outcome, read.Attempt, read.Operator, read.Record, read.State = history.Read, history.Seen, 1, 1, "7", "ready"
		read.Start, read.End = i*second, i*second+1000
		update.Kind, update.Outcome, update.Attempt, update.Operator, update.Record, update.Target = history.Update, history.Applied, 1, 1, "7", "completed"
		update.Start, update.End = read.End, read.End+1000
		m.Add(&read)
		m.Add(&update)
	}
	before := m.Numbers()
	for i := range int64(50) {
		read := history.New()
		read.Kind, read.Outcome, read.Attempt, read.Operator, read.Record, read.State = history.Read, history.Seen, 1, 1, "7", "completed"
		read.Start, read.End = (10+i)*second, (10+i)*second+1000
		m.Add(&read)
	}
	after := m.Numbers()
	if after.WindowS != before.WindowS || after.Reads.Count != 10 || after.AttemptsPerS != before.AttemptsPerS {
		t.Errorf("window %v s with %d reads, before %v s with %d", after.WindowS, after.Reads.Count, before.WindowS, before.Reads.Count)
	}
	if after.LastS <= before.LastS {
		t.Errorf("the last operation is at %v s", after.LastS)
	}
}

// Bounds that hold at every look lie outside those of one look.
func TestAnytimeBoundsOfTheP95(t *testing.T) {
	once, always := New(Options{States: &apitest.Appointments(t).States}), New(Options{Anytime: true})
	for i := range int64(1000) {
		op := history.New()
		op.Kind, op.Outcome, op.Attempt, op.Operator, op.Record = history.Update, history.Applied, 1, 1, "7"
		op.Start, op.End = i*1e6, i*1e6+i*1e5
		once.Add(&op)
		always.Add(&op)
	}
	one, all := once.Numbers().Latency, always.Numbers().Latency
	if !all.Anytime || one.Anytime {
		t.Errorf("anytime: %v and %v", all.Anytime, one.Anytime)
	}
	if *all.P95LowerMS >= *one.P95LowerMS || *all.P95UpperMS <= *one.P95UpperMS {
		t.Errorf("%v–%v does not enclose %v–%v", *all.P95LowerMS, *all.P95UpperMS, *one.P95LowerMS, *one.P95UpperMS)
	}
	high, _ := stats.AnytimeUpperRank(1000, P95, stats.Enough)
	if want := float64(high-1) / 10; *all.P95UpperMS != want {
		t.Errorf("upper bound %v, want %v", *all.P95UpperMS, want)
	}
}
