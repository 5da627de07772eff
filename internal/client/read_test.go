package client

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

const itemsFile = `
api: 1
name: items
token: opaque
ids: "{tag}-{n}"
headers: {X-Kind: items}
states: {names: [open, busy], legal: {open: [busy], busy: [open]}, walks: {cycle: {open: busy, busy: open}}}
read: {get: "/items/{id}", token: "header:ETag", marker: $.note, state: $.state}
update:
  put: "/items/{id}?from={from}"
  headers: {If-Match: "{token}", X-Marker: "{marker}"}
  body: '{"note":"{marker}","state":"{to}"}'
  applied: {status: 200, token: "header:ETag", same: {$.note: "{marker}"}}
  conflict: {status: 412}
`

// newItems returns a client of itemsFile against a handler.
func newItems(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	by, err := api.Compile("items.yaml", []byte(itemsFile))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := New(Config{API: by, Target: server.URL, Tag: "load"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// TestRead holds what a read of one record shows, and how an answer is classed that
// shows no record.
func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		status    int
		tag, body string
		want      history.Outcome
		seen      Record
	}{
		"a record":        {200, `"1-a"`, `{"note":"m1","state":"open"}`, history.Seen, Record{TokenText: `"1-a"`, Marker: "m1", State: "open"}},
		"an integer":      {200, "17", `{"state":"open"}`, history.Seen, Record{TokenText: "17", State: "open"}},
		"no token":        {200, "", `{"note":"m1","state":"open"}`, history.Malformed, Record{}},
		"no state":        {200, `"1"`, `{"note":"m1"}`, history.Malformed, Record{}},
		"no JSON":         {200, `"1"`, `{`, history.Malformed, Record{}},
		"not there":       {404, "", `{}`, history.Absent, Record{}},
		"gone":            {410, "", ``, history.Absent, Record{}},
		"refused":         {400, "", `{}`, history.Rejected, Record{}},
		"in trouble":      {503, "", ``, history.ServerError, Record{}},
		"not let in":      {403, "", ``, history.Unauthorized, Record{}},
		"a redirect":      {302, `"1"`, ``, history.Malformed, Record{}},
		"asked for peace": {429, "", ``, history.Throttled, Record{}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newItems(t, func(w http.ResponseWriter, r *http.Request) {
				if test.tag != "" {
					w.Header().Set("ETag", test.tag)
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			r := Record{ID: "load-1", TokenText: "old", State: "busy", Marker: "old"}
			a := c.Read(context.Background(), &r)
			test.seen.ID = "load-1"
			if diff := cmp.Diff(test.seen, r); a.Outcome != test.want || diff != "" {
				t.Errorf("%s (%v), want %s (-want +got):\n%s", a.Outcome, a.Err, test.want, diff)
			}
			if test.want != history.Seen && a.Failure() == nil {
				t.Error("it is not said what came instead")
			}
		})
	}
}

// TestRequestsOfOneRecord holds what is sent: an id as one segment, whatever it
// holds, the token back byte for byte, and the same representation asked for by
// reads and updates.
func TestRequestsOfOneRecord(t *testing.T) {
	var sent []string
	c := newItems(t, func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Accept", "Accept-Encoding", "X-Kind", "If-Match", "X-Marker", "Content-Type"} {
			sent = append(sent, name+": "+r.Header.Get(name))
		}
		sent = append(sent, r.Method+" "+r.RequestURI)
		w.Header().Set("ETag", `W/"2"`)
		_, _ = w.Write([]byte(`{"note":"m-1","state":"open"}`))
	})
	r := Record{ID: "a/../b%c"}
	if a := c.Read(context.Background(), &r); !a.OK() {
		t.Fatal(a.Failure())
	}
	a := c.Update(context.Background(), &Attempt{ID: r.ID, From: "open", To: "busy", TokenText: r.TokenText, Marker: "m-1"})
	if a.Outcome != history.Applied || a.TokenText != `W/"2"` || a.Token != history.None {
		t.Errorf("%+v", a)
	}
	if a := c.Update(context.Background(), &Attempt{ID: r.ID, From: "open", To: "busy", TokenText: r.TokenText, Marker: "m-2"}); a.Outcome != history.Malformed {
		t.Errorf("an answer that repeats another marker is %s", a.Outcome)
	}
	const id = "/items/a%2F..%2Fb%25c"
	want := []string{
		"Accept: */*", "Accept-Encoding: identity", "X-Kind: items", "If-Match: ", "X-Marker: ", "Content-Type: ", "GET " + id,
		"Accept: */*", "Accept-Encoding: identity", "X-Kind: items", `If-Match: W/"2"`, "X-Marker: m-1", "Content-Type: application/json", "PUT " + id + "?from=open",
	}
	if diff := cmp.Diff(want, sent[:len(want)]); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}
