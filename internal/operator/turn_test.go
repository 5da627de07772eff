package operator

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/appointment"
)

// TestTurn plays one turn of one operator on card 1, while the floor
// misbehaves or another client moves.
func TestTurn(t *testing.T) {
	const okMove = `{"ok":true,"data":{"appointment_id":"1","status":"in_progress","version":2}}`
	rival := func(f *floor, to ...string) func(int, *appointment.Card) *reply {
		return func(n int, c *appointment.Card) *reply {
			if n == 1 {
				f.put(c, to...)
			}
			return nil
		}
	}
	tests := []struct {
		name   string
		floor  func(*floor)
		config func(*Config)
		want   []string
		result Result
		err    error
	}{
		{
			name:   "moved",
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Applied},
		},
		{
			name:  "lost, somebody did the same",
			floor: func(f *floor) { f.onMove = rival(f, "in_progress") },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress",
				"read 2: card 1: seen v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Recovered: true, Outcome: history.Seen},
		},
		{
			name:  "lost, moved again",
			floor: func(f *floor) { f.onMove = rival(f, "in_progress", "ready") },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: applied v4 in_progress"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 1, Recovered: true, Outcome: history.Applied},
		},
		{
			name:   "forward does not take a card back",
			floor:  func(f *floor) { f.onMove = rival(f, "in_progress", "ready") },
			config: func(c *Config) { c.Walk = workload.Forward },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → completed: applied v4 completed"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 1, Recovered: true, Outcome: history.Applied},
		},
		{
			name: "forward, the card is done meanwhile",
			floor: func(f *floor) {
				f.onMove = rival(f, "in_progress", "ready", "completed")
			},
			config: func(c *Config) { c.Walk = workload.Forward },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v4 completed",
				"read 2: card 1: seen v4 completed"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Outcome: history.Seen},
		},
		{
			name: "lost three times",
			floor: func(f *floor) {
				f.onMove = func(_ int, c *appointment.Card) *reply {
					f.put(c, "in_progress", "ready")
					return nil
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: conflict 409 v5 ready",
				"read 3: card 1: seen v5 ready", "update 3: card 1 v5 → in_progress: conflict 409 v7 ready"},
			result: Result{Record: "1", Attempts: 3, Conflicts: 3, Outcome: history.Conflict},
		},
		{
			name:   "no recovery wanted",
			floor:  func(f *floor) { f.onMove = rival(f, "in_progress") },
			config: func(c *Config) { c.Attempts = 1 },
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Outcome: history.Conflict},
		},
		{
			name:   "the wait would outlast the budget",
			floor:  func(f *floor) { f.onMove = rival(f, "in_progress") },
			config: func(c *Config) { c.Budget, c.Backoff = 40*time.Millisecond, constant(50*time.Millisecond) },
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Outcome: history.Conflict},
		},
		{
			name: "the budget ends between two attempts",
			floor: func(f *floor) {
				f.onMove = func(_ int, c *appointment.Card) *reply {
					f.put(c, "in_progress", "ready")
					return nil
				}
			},
			config: func(c *Config) { c.Budget, c.Backoff = 90*time.Millisecond, constant(50*time.Millisecond) },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: conflict 409 v5 ready"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 2, Outcome: history.Conflict},
		},
		{
			name: "the refetch fails once",
			floor: func(f *floor) {
				f.onMove = rival(f, "in_progress", "ready")
				f.onBoard = func(n int) *reply {
					if n == 2 {
						return &reply{status: 503}
					}
					return nil
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: server_error 503", "read 3: card 1: seen v3 ready", "update 3: card 1 v3 → in_progress: applied v4 in_progress"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 1, Recovered: true, Outcome: history.Applied},
		},
		{
			name: "a retry that was applied and answered 500",
			floor: func(f *floor) {
				f.onMove = func(n int, c *appointment.Card) *reply {
					if n == 1 {
						f.put(c, "in_progress", "ready")
						return nil
					}
					f.put(c, "in_progress")
					return &reply{status: 500}
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: server_error 500", "read 3: card 1: seen v4 in_progress"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 1, Recovered: true, Outcome: history.Seen},
		},
		{
			name: "a retry that is rejected is the end",
			floor: func(f *floor) {
				f.onMove = func(n int, c *appointment.Card) *reply {
					if n == 1 {
						f.put(c, "in_progress", "ready")
						return nil
					}
					return &reply{status: 422, body: `{"error":{"code":"invalid_transition"}}`}
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: rejected 422"},
			result: Result{Record: "1", Attempts: 2, Conflicts: 1, Outcome: history.Rejected, Err: cmpopts.AnyError},
		},
		{
			name: "the card is not on the refetched board",
			floor: func(f *floor) {
				f.onMove = func(_ int, c *appointment.Card) *reply {
					f.put(c, "in_progress")
					f.cards = f.cards[1:]
					return &reply{status: 409, body: `{"error":{"code":"version_conflict"}}`}
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409",
				"read 2: card 1: absent", "read 3: card 1: absent"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Outcome: history.Absent, Err: cmpopts.AnyError},
		},
		{
			name:   "rejected",
			floor:  always(&reply{status: 422, body: `{"error":{"code":"invalid_transition","from":"ready"}}`}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: rejected 422 ready"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Rejected, Err: cmpopts.AnyError},
		},
		{
			name:   "unauthorized",
			floor:  always(&reply{status: 403}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: unauthorized 403"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Unauthorized, Err: cmpopts.AnyError},
		},
		{
			name:   "throttled",
			floor:  always(&reply{status: 429, body: "slow down"}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: throttled 429"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Throttled, Err: cmpopts.AnyError},
		},
		{
			name:   "server error",
			floor:  always(&reply{status: 500}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: server_error 500"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.ServerError, Err: cmpopts.AnyError},
		},
		{
			name:   "no answer",
			floor:  always(&reply{drop: true}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: no_answer"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.NoAnswer, Err: cmpopts.AnyError},
		},
		{
			name:   "malformed",
			floor:  always(&reply{status: 200, body: `{"ok":true,"data":{}}`}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: malformed"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Malformed, Err: cmpopts.AnyError},
		},
		{
			name:   "a phantom success is believed",
			floor:  always(&reply{status: 200, body: okMove}),
			want:   []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Applied},
		},
		{
			name:   "the board fails",
			floor:  func(f *floor) { f.onBoard = func(int) *reply { return &reply{status: 500} } },
			want:   []string{"read 1: card 1: server_error 500"},
			result: Result{Outcome: history.ServerError, Err: cmpopts.AnyError},
		},
		{
			name:   "the picked card cannot be moved, the next one can",
			floor:  func(f *floor) { f.put(f.cards[0], "in_progress", "completed") },
			want:   []string{"read 1: card 2: seen v1 scheduled", "update 1: card 2 v1 → in_progress: applied v2 in_progress"},
			result: Result{Record: "2", Attempts: 1, Outcome: history.Applied},
		},
		{
			name: "unknown, versionless, hidden and contradictory rows are passed over",
			floor: func(f *floor) {
				f.onBoard = func(int) *reply {
					return &reply{status: 200, body: `{"data":{"columns":{"scheduled":{"items":[{"id":"1","status":"scheduled","version":1},{"id":"2","status":"archived","version":1}]},
						"ready":{"items":[{"id":"1","status":"ready","version":2},{"id":"3","status":"ready","version":4},{"id":"3","status":"ready","version":4}]}}}}`}
				}
				f.put(f.cards[2], "in_progress", "ready", "ready")
			},
			want: []string{"read 1: card 1: seen v1 scheduled x", "read 1: card 1: seen v2 ready x", "read 1: card 3: seen v4 ready x", "read 1: card 3: seen v4 ready x",
				"read 1: card 3: seen v4 ready", "update 1: card 3 v4 → in_progress: applied v5 in_progress"},
			result: Result{Record: "3", Attempts: 1, Outcome: history.Applied},
		},
		{
			name: "nothing can be moved on a board that hides cards",
			floor: func(f *floor) {
				f.onBoard = func(int) *reply { return &reply{status: 200, body: `{"data":{"columns":{}}}`} }
			},
			want:   []string{"read 1: card 1: absent"},
			result: Result{Outcome: history.Absent, Err: cmpopts.AnyError},
		},
		{
			name: "exhausted",
			floor: func(f *floor) {
				for _, c := range f.cards {
					f.put(c, "in_progress", "ready", "completed")
				}
			},
			config: func(c *Config) { c.Walk = workload.Forward },
			want:   []string{"read 1: card 1: seen v4 completed"},
			result: Result{Outcome: history.Seen, Err: ErrExhausted},
			err:    ErrExhausted,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, newFloor(3))
			o := s.operator(t, tt.config)
			if tt.floor != nil {
				tt.floor(s.floor)
			}
			got, err := o.Turn(context.Background())
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.result, got, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, s.story()); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			checkLines(t, s.lines)
		})
	}
}

// always answers every move in the same way.
func always(r *reply) func(*floor) {
	return func(f *floor) { f.onMove = func(int, *appointment.Card) *reply { return r } }
}

// checkLines holds what is true of every operator's history: operations follow
// one another, but for the lines of one list, and all of them can be recorded.
func checkLines(t *testing.T, lines []history.Op) {
	t.Helper()
	end := int64(0)
	for i := range lines {
		op := &lines[i]
		if list := i > 0 && op.Kind == history.Read && op.End == lines[i-1].End; op.Start < end && !list {
			t.Errorf("line %d begins at %d, before the end of the one before at %d", i, op.Start, end)
		}
		if op.Answered() {
			end = op.End
		}
		if (op.Outcome == history.NoAnswer) == op.Answered() {
			t.Errorf("line %d: outcome %s, end %d", i, op.Outcome, op.End)
		}
	}
}
