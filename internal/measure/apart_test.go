package measure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// Conflicts that are made on purpose are in no number of the declared load.
func TestApart(t *testing.T) {
	op := func(operator int32, kind history.Kind, outcome history.Outcome) *history.Op {
		o := history.New()
		o.Start, o.End, o.Operator, o.Kind, o.Outcome, o.Attempt = 1e9, 2e9, operator, kind, outcome, 1
		o.Record, o.Token, o.State = "17", 5, "ready"
		if kind == history.Update {
			o.Expected, o.Target = 4, "ready"
		}
		return &o
	}
	declared := []*history.Op{op(1, history.Read, history.Seen), op(1, history.Update, history.Applied)}
	alone, both := New(Options{ApartFrom: 1001}), New(Options{ApartFrom: 1001})
	for _, o := range declared {
		alone.Add(o)
		both.Add(o)
	}
	for _, o := range []*history.Op{
		op(1002, history.Read, history.Seen), op(1002, history.Update, history.Applied), op(1001, history.Update, history.Conflict), op(1001, history.Update, history.NoAnswer),
	} {
		both.Add(o)
	}
	n := both.Numbers()
	want := &Apart{FromOperator: 1001, Updates: 3, Reads: 1, Outcomes: map[history.Outcome]int{history.Applied: 1, history.Conflict: 1, history.NoAnswer: 1}}
	if diff := cmp.Diff(want, n.Apart); diff != "" {
		t.Errorf("apart (-want +got)\n%s", diff)
	}
	n.Apart, n.FirstS, n.LastS, n.Outage = nil, 0, 0, nil
	plain := alone.Numbers()
	plain.FirstS, plain.LastS, plain.Outage = 0, 0, nil
	if diff := cmp.Diff(plain, n); diff != "" {
		t.Errorf("the declared load (-alone +beside people)\n%s", diff)
	}
}
