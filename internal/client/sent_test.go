package client

import (
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

// What another client received is understood as Update understands it.
func TestSent(t *testing.T) {
	cases := []struct {
		name    string
		status  int
		body    string
		outcome history.Outcome
		version int64
		code    string
	}{
		{"moved", 200, `{"ok":true,"data":{"appointment_id":"17","status":"ready","version":5}}`, history.Applied, 5, ""},
		{"moved, another record", 200, `{"ok":true,"data":{"appointment_id":"18","status":"ready","version":5}}`, history.Malformed, 5, ""},
		{"moved, in words", 200, `done`, history.Malformed, history.None, ""},
		{"conflict", 409, `{"ok":false,"error":{"code":"version_conflict","current_version":6,"current_status":"ready"}}`, history.Conflict, 6, "version_conflict"},
		{"another 409", 409, `{"ok":false,"error":"deadlock"}`, history.Rejected, history.None, "deadlock"},
		{"500", 500, ``, history.ServerError, history.None, ""},
		{"no answer", 0, ``, history.NoAnswer, history.None, ""},
		{"a redirect", 302, ``, history.Malformed, history.None, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := ClassifyAnswer(apitest.Appointments(t), "17", c.status, []byte(c.body))
			if a.Outcome != c.outcome || a.Token != c.version || a.Code != c.code || a.HTTP != c.status {
				t.Errorf("%+v", a)
			}
		})
	}
}
