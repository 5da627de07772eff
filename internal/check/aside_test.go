package check

import (
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// moves is a history of a server whose versions count on from a base. On each
// record as many updates from the same version are confirmed.
func moves(base int64, records, confirmed int) (ops []history.Op) {
	look := func(record string, at, version int64, status string) {
		o := history.New()
		o.Kind, o.Record, o.Start, o.End = history.Audit, record, at, at+1
		o.Outcome, o.HTTP, o.Token, o.State = history.Seen, 200, version, status
		ops = append(ops, o)
	}
	for i := range records {
		record := strconv.Itoa(i)
		look(record, 0, base, "scheduled")
		for j := range confirmed {
			o := history.New()
			o.Kind, o.Record, o.Start, o.End, o.Operator, o.Attempt = history.Update, record, 10, 20, int32(i*confirmed+j+1), 1
			o.Expected, o.Target, o.Outcome, o.HTTP, o.Token, o.State = base, "in_progress", history.Applied, 200, base+1, "in_progress"
			ops = append(ops, o)
		}
		look(record, 30, base+1, "in_progress")
	}
	return ops
}

// TestHighVersions: a server may count from any number on, such as the
// nanoseconds of a clock.
func TestHighVersions(t *testing.T) {
	for _, base := range []int64{0, 1, 1 << 60, 1_800_000_000_000_000_000, math.MaxInt64 - 1} {
		report := History(moves(base, 31, 2), nil, Options{API: shop})
		if diff := cmp.Diff(map[string]int64{"OCC-01": 31}, counts(&report)); diff != "" || !report.Judged {
			t.Errorf("from version %d, judged %v (-want +got):\n%s", base, report.Judged, diff)
		}
		proven(t, &report)
	}
}

// TestSetAside: what cannot be used is named and counted, and a history with it
// is never said to be clean.
func TestSetAside(t *testing.T) {
	unknown := func(ops []history.Op) []history.Op {
		ops[0].State = "paid"
		return ops
	}
	last := history.New()
	last.Kind, last.Record, last.Start, last.Operator, last.Attempt, last.Expected = history.Update, "0", 25, 9, 1, math.MaxInt64
	last.Target, last.Outcome = "ready", history.NoAnswer
	tests := []struct {
		name  string
		ops   []history.Op
		want  []SetAside
		found map[string]int64
	}{
		{"nothing", moves(1, 3, 1), []SetAside{}, map[string]int64{}},
		{"a status that is not in the contract", unknown(moves(1, 3, 1)),
			[]SetAside{{"a state that the API does not have", "0", 1}}, map[string]int64{}},
		{"the same beside lost updates", unknown(moves(1, 3, 2)),
			[]SetAside{{"a state that the API does not have", "0", 1}}, map[string]int64{"OCC-01": 3}},
		{"a move from the last version", append(moves(math.MaxInt64-1, 1, 1), last),
			[]SetAside{{"an update from version 9223372036854775807, after which there is no other", "0", 1}}, map[string]int64{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := History(tt.ops, nil, Options{API: shop})
			if diff := cmp.Diff(tt.want, report.SetAside); diff != "" {
				t.Errorf("set aside (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.found, counts(&report)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if want := len(tt.found) > 0 || len(tt.want) == 0; report.Judged != want {
				t.Errorf("judged %v with %d findings: %v", report.Judged, len(report.Anomalies), report.Why)
			}
			t.Log(report.Why)
		})
	}
}
