package operator

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

func TestAudit(t *testing.T) {
	tests := []struct {
		name  string
		floor func(*floor)
		known []string
		ids   []string
		want  []string
		err   string
	}{
		{
			name: "tagged cards",
			floor: func(f *floor) {
				f.add("x", "occbench:loads")
				f.add("y", "brakes; occbench:load")
				f.put(f.cards[0], "in_progress")
			},
			ids:  []string{"1", "2", "y"},
			want: []string{"audit 0: card 1: seen v2 in_progress", "audit 0: card 2: seen v1 scheduled", "audit 0: card y: seen v1 scheduled"},
		},
		{
			name: "whatever the order of the board, those that can be moved first and by id",
			floor: func(f *floor) {
				f.cards = nil
				for _, id := range []string{"12", "3", "7", "4", "111"} {
					f.add(id, "occbench:load")
				}
				f.put(f.cards[1], "in_progress", "ready", "completed")
				f.put(f.cards[3], "in_progress", "ready")
			},
			ids: []string{"4", "7", "12", "111", "3"},
			want: []string{"audit 0: card 3: seen v4 completed", "audit 0: card 4: seen v3 ready", "audit 0: card 12: seen v1 scheduled", "audit 0: card 7: seen v1 scheduled",
				"audit 0: card 111: seen v1 scheduled"},
		},
		{
			name: "rows that break the promise",
			floor: func(f *floor) {
				f.onBoard = func(int) *reply {
					return &reply{status: 200, body: `{"data":{"columns":{"x":{"items":[{"id":"1","notes":"occbench:load","status":"ready"},{"id":"2","notes":"occbench:load","status":"archived","version":3},
						{"id":"3","notes":"occbench:load","status":"ready","version":3},{"id":"3","notes":"occbench:load","status":"ready","version":4},{"id":"4,","notes":"occbench:load"}]}}}}`}
				}
			},
			ids:  []string{"1", "2", "3", "4,"},
			want: []string{"audit 0: card 1: malformed", "audit 0: card 2: seen v3 archived", "audit 0: card 3: seen v3 ready x", "audit 0: card 3: seen v4 ready x", "audit 0: card 4,: malformed"},
		},
		{
			name: "a list that contradicts itself",
			floor: func(f *floor) {
				f.onBoard = func(int) *reply {
					return &reply{status: 200, body: `{"data":{"columns":{"scheduled":{"items":[{"id":"1","notes":"occbench:load","status":"ready","version":3},{"id":"3","notes":"occbench:load","status":"parked","version":1}]},
						"ready":{"items":[{"id":"2","notes":"occbench:load","status":"ready","version":2},{"id":"2","notes":"occbench:load","status":"ready","version":2}]}}}}`}
				}
			},
			known: []string{"2", "4"},
			ids:   []string{"2", "1", "3", "4"},
			want: []string{"audit 0: card 1: seen v3 ready x", "audit 0: card 1: seen v3 scheduled x", "audit 0: card 3: seen v1 parked",
				"audit 0: card 2: seen v2 ready x", "audit 0: card 2: seen v2 ready x", "audit 0: card 2: seen v2 ready", "audit 0: card 4: absent"},
		},
		{
			name:  "none",
			floor: func(f *floor) { f.cards = nil },
		},
		{
			name:  "failed as a whole",
			floor: func(f *floor) { f.onBoard = func(int) *reply { return &reply{status: 401} } },
			want:  []string{"audit 0: card : unauthorized 401"},
			err:   "auditing the board",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, newFloor(2))
			tt.floor(s.floor)
			ids, err := Audit(context.Background(), s.client, "load", tt.known, func(op *history.Op) { s.lines = append(s.lines, *op) })
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, s.story()); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			for _, op := range s.lines {
				if op.Start != s.lines[0].Start || op.End != s.lines[0].End || op.Operator != 0 {
					t.Errorf("line %+v has other times or an operator", op)
				}
			}
		})
	}
}
