package client

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

const none = history.None

// moves are answers to a move of record 17 from version 3 to in_progress.
var moves = []struct {
	name   string
	status int
	body   string
	want   Answer
}{
	{"applied", 200, `{"ok":true,"data":{"appointment_id":"17","status":"in_progress","position":0,"version":4,"updated_at":"2026-11-24T08:00:00Z"}}`,
		Answer{Outcome: history.Applied, Token: 4, State: "in_progress"}},
	{"applied, the other way round, with more in it", 201, `{"data":{"history":[{"version":1,"status":"ready"}],"version":4,"status":"in_progress","appointment_id":"17"},"ok":true}`,
		Answer{Outcome: history.Applied, Token: 4, State: "in_progress"}},
	{"id as a number, version as a string", 200, `{"data":{"appointment_id":17,"status":"in_progress","version":"4"}}`,
		Answer{Outcome: history.Applied, Token: 4, State: "in_progress"}},
	{"another version and status are for the checker", 200, `{"data":{"appointment_id":"17","status":"ready","version":9}}`,
		Answer{Outcome: history.Applied, Token: 9, State: "ready"}},
	{"no version", 200, `{"ok":true,"data":{"appointment_id":"17","status":"in_progress"}}`, Answer{Outcome: history.Malformed, Token: none, State: "in_progress"}},
	{"version 0", 200, `{"data":{"appointment_id":"17","status":"in_progress","version":0}}`, Answer{Outcome: history.Malformed, Token: none, State: "in_progress"}},
	{"no status", 200, `{"data":{"appointment_id":"17","version":4}}`, Answer{Outcome: history.Malformed, Token: 4}},
	{"an unknown status", 200, `{"data":{"appointment_id":"17","version":4,"status":"IN_PROGRESS"}}`, Answer{Outcome: history.Malformed, Token: 4, State: "IN_PROGRESS"}},
	{"a status of two columns", 200, `{"data":{"appointment_id":"17","version":4,"status":"a,\"b"}}`, Answer{Outcome: history.Malformed, Token: 4, State: `a,"b`}},
	{"no id", 200, `{"data":{"version":4,"status":"in_progress"}}`, Answer{Outcome: history.Malformed, Token: 4, State: "in_progress"}},
	{"another record", 200, `{"data":{"appointment_id":"18","version":4,"status":"in_progress"}}`, Answer{Outcome: history.Malformed, Token: 4, State: "in_progress"}},
	{"ok is false", 200, `{"ok":false,"data":{"appointment_id":"17","version":4,"status":"in_progress"}}`, Answer{Outcome: history.Malformed, Token: 4, State: "in_progress"}},
	{"no body", 200, ``, Answer{Outcome: history.Malformed, Token: none}},
	{"no content", 204, ``, Answer{Outcome: history.Malformed, Token: none}},
	{"cut off", 200, `{"data":{"appointment_id":"17","version":4`, Answer{Outcome: history.Malformed, Token: history.None}},
	{"a redirect", 307, ``, Answer{Outcome: history.Malformed, Token: none}},

	{"conflict", 409, `{"ok":false,"error":{"code":"version_conflict","message":"m","appointment_id":"17","expected_version":3,"current_version":5,"current_status":"ready"}}`,
		Answer{Outcome: history.Conflict, Token: 5, State: "ready", Code: "version_conflict"}},
	{"conflict without the current version", 409, `{"error":{"code":"version_conflict"}}`, Answer{Outcome: history.Conflict, Token: none, Code: "version_conflict"}},
	{"conflict with current version 0", 409, `{"error":{"current_version":0,"code":"version_conflict","current_status":"??,"}}`, Answer{Outcome: history.Conflict, Token: 0, Code: "version_conflict"}},
	{"conflict as a plain word", 409, `{"ok":false,"error":"version_conflict"}`, Answer{Outcome: history.Conflict, Token: none, Code: "version_conflict"}},
	{"a database error as 409", 409, `{"ok":false,"error":"deadlock detected"}`, Answer{Outcome: history.Rejected, Token: none, Code: "deadlock detected"}},
	{"a duplicate as 409", 409, `{"error":{"code":"duplicate"}}`, Answer{Outcome: history.Rejected, Token: none, Code: "duplicate"}},
	{"409 without a body", 409, ``, Answer{Outcome: history.Rejected, Token: none}},
	{"illegal", 422, `{"error":{"code":"invalid_transition","from":"ready","to":"in_progress"}}`, Answer{Outcome: history.Rejected, Token: none, State: "ready", Code: "invalid_transition"}},
	{"unknown id", 404, `{"error":{"code":"not_found"}}`, Answer{Outcome: history.Rejected, Token: none, Code: "not_found"}},
	{"a sentence with commas", 400, `{"error":"no, that is wrong"}`, Answer{Outcome: history.Rejected, Token: none}},
	{"a code that would clear the screen", 400, `{"error":{"code":"\u001b[2J"}}`, Answer{Outcome: history.Rejected, Token: none}},
	{"unauthorized", 401, ``, Answer{Outcome: history.Unauthorized, Token: none}},
	{"forbidden", 403, `{"Message":"Forbidden"}`, Answer{Outcome: history.Unauthorized, Token: none}},
	{"throttled", 429, `{"Reason":"CallerRateLimitExceeded","Type":"User"}`, Answer{Outcome: history.Throttled, Token: none}},
	{"busy", 503, `{"error":{"code":"store_busy"}}`, Answer{Outcome: history.ServerError, Token: none, Code: "store_busy"}},
	{"phantom failure", 500, `oops`, Answer{Outcome: history.ServerError, Token: none}},
	{"a conflict's code with a 500", 500, `{"error":{"code":"version_conflict"}}`, Answer{Outcome: history.ServerError, Token: none, Code: "version_conflict"}},
}

func TestMove(t *testing.T) {
	for _, tt := range moves {
		t.Run(tt.name, func(t *testing.T) {
			var asked []string
			client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				asked = append(asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+string(body))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.body))
			})
			got := client.Update(context.Background(), &Attempt{ID: "17", To: "in_progress", Token: 3})
			tt.want.HTTP = tt.status
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Answer{}, "Start", "End", "Err")); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if (got.Err != nil) != (tt.want.Outcome == history.Malformed) {
				t.Errorf("error %v with outcome %d", got.Err, got.Outcome)
			}
			want := []string{`POST /api/admin/appointments/17/move application/json {"new_status":"in_progress","expected_version":3}`}
			if diff := cmp.Diff(want, asked); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMoveID holds that an id stays within its segment of the path.
func TestMoveID(t *testing.T) {
	for _, id := range []string{"17", "a b", "../../customers?x=1#y", "ä/👍", "50%", "a%2Fb"} {
		t.Run(id, func(t *testing.T) {
			var path, raw string
			client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, r *http.Request) {
				path, raw = r.URL.Path, r.URL.EscapedPath()
			})
			client.Update(context.Background(), &Attempt{ID: id, To: "ready", Token: 1})
			if want := "/api/admin/appointments/" + id + "/move"; path != want {
				t.Errorf("path %q, want %q", path, want)
			}
			if n := strings.Count(raw, "/"); n != 5 {
				t.Errorf("%d segments in %q, want 5", n, raw)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct{ header, want string }{
		{"", "0s"}, {"2", "2s"}, {"-1", "0s"}, {"99999999999", "24h0m0s"}, {"Wed, 25 Nov 2026 08:00:00 GMT", "0s"}, {"soon", "0s"},
	}
	for _, tt := range tests {
		for _, status := range []int{429, 503} {
			client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(status)
			})
			got := client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
			if got.RetryAfter.String() != tt.want {
				t.Errorf("%d with Retry-After %q: %s, want %s", status, tt.header, got.RetryAfter, tt.want)
			}
		}
	}
}
