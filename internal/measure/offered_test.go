package measure

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// turns plays turns of a read and an update that meets a conflict and is tried again,
// one operator after the other.
func turns(s *Series, n int, every, think int64, scheduled bool) {
	for i := range n {
		at := int64(i) * every
		op := func(kind history.Kind, outcome history.Outcome, attempt uint8, start int64) {
			o := history.New()
			o.Kind, o.Outcome, o.Attempt, o.Operator, o.Record = kind, outcome, attempt, int32(1+i%3), strconv.Itoa(i%100)
			o.Start, o.End = start, start+2e6
			if scheduled && attempt == 1 && kind == history.Read {
				o.Scheduled = start - 3e6
			}
			s.Add(&o)
		}
		op(history.Read, history.Seen, 1, at)
		op(history.Update, history.Conflict, 1, at+2e6+think)
		op(history.Read, history.Seen, 2, at+10e6+think)
		op(history.Update, history.Applied, 2, at+14e6+think)
	}
}

func TestOfferedLoad(t *testing.T) {
	const n, every = 500, int64(40e6)
	for _, tt := range []struct {
		name      string
		scheduled bool
		think     time.Duration // declared
		late      int64
	}{{"closed", false, 4 * time.Millisecond, 1e6}, {"thinking at random", false, 0, 0}, {"open", true, 0, 3e6}} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSeries(tt.think)
			turns(s, n, every, 5e6, tt.scheduled)
			race := history.New()
			race.Kind, race.Outcome, race.Start, race.End, race.Flags = history.Update, history.Conflict, 1e9, 1e9+1, history.Race
			s.AddArrival(&race)
			line := s.Timeline()
			var all Offered
			for i := range line.Bins {
				all.merge(&line.Bins[i].Offered)
			}
			want := Offered{Turns: n, BusyNS: n * 4 * 2e6, LateNS: tt.late}
			if tt.late > 0 {
				want.Timers = n
			}
			if tt.scheduled {
				want.Due = n
			}
			if diff := cmp.Diff(want, all); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			var arrived Arrived
			for i := range line.Bins {
				arrived.Updates, arrived.Conflicts = arrived.Updates+line.Bins[i].Arrived.Updates, arrived.Conflicts+line.Bins[i].Arrived.Conflicts
			}
			if arrived != (Arrived{2*n + 1, n + 1}) {
				t.Errorf("%+v arrived", arrived)
			}
			if diff := cmp.Diff([]Try{{Sent: n, Conflicts: n}, {Sent: n, Applied: n}}, line.Tries); diff != "" {
				t.Errorf("tries (-want +got)\n%s", diff)
			}
			if line.Latencies.Applied.Len() != n || line.Latencies.Conflict.Len() != n || line.Latencies.Read.Len() != 2*n {
				t.Errorf("%d applied, %d conflicts, %d reads", line.Latencies.Applied.Len(), line.Latencies.Conflict.Len(), line.Latencies.Read.Len())
			}
		})
	}
}

// A call that takes long is under way in every bin that it lies in.
func TestBusyIsSpread(t *testing.T) {
	s := NewSeries(0)
	turns(s, 100, 40e6, 0, false) // 4 s
	o := history.New()
	o.Kind, o.Outcome, o.Attempt, o.Operator, o.Record = history.Read, history.Seen, 1, 9, "1"
	o.Start, o.End = 1e9, 3e9
	s.Add(&o)
	line := s.Timeline()
	for i := range line.Bins {
		from := float64(i) * line.StepS
		busy := float64(line.Bins[i].Offered.BusyNS) / 1e9 / line.StepS
		if inside := from >= 1 && from+line.StepS <= 3; inside != (busy >= 1) {
			t.Errorf("bin at %v s: %v calls under way", from, busy)
		}
	}
}

// The heat counts every conflict of a record where it happened, however often the bins
// doubled.
func TestHeatKeepsAllConflicts(t *testing.T) {
	s := NewSeries(0)
	const n = 50_000
	turns(s, n, 40e6, 0, false)
	line := s.Timeline()
	sum, rows := line.Heat.Other, line.Heat.Rows
	for _, row := range rows {
		of := 0
		for _, k := range row.Conflicts {
			of += k
		}
		if of != n/100 {
			t.Errorf("record %s has %d conflicts", row.Record, of)
		}
		sum += of
	}
	if sum != n || len(rows) != heatRows || len(rows[0].Conflicts) > heatBins || float64(len(rows[0].Conflicts))*line.Heat.StepS < line.EndS {
		t.Errorf("%d conflicts in %d rows of %d stretches of %v s", sum, len(rows), len(rows[0].Conflicts), line.Heat.StepS)
	}
	first := rows[0].Conflicts
	for i, k := range first[:len(first)-1] {
		if want := line.Heat.StepS / 0.04 / 100; float64(k) < want-2 || float64(k) > want+2 {
			t.Errorf("stretch %d has %d conflicts, want %v", i, k, want)
		}
	}
}
