package client

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

// recordsOf returns the records of a list as values.
func recordsOf(l *List) (all []Record) {
	for _, r := range l.Records {
		all = append(all, *r)
	}
	return all
}

// boards are bodies that real and hostile servers send.
var boards = []struct {
	name     string
	body     string
	want     []Record
	unusable int
	err      string // part of the error; empty: none
}{
	{name: "no records", body: `{"ok":true,"data":{"columns":{"scheduled":{"items":[]}}}}`},
	{name: "no empty columns", body: `{"ok":true,"data":{"columns":{}}}`},
	{name: "columns and items that are null", body: `{"data":{"columns":{"a":null,"b":{"items":null},"c":{}}}}`},
	{
		name: "fields in any order, more of them, nested ones",
		body: ` { "data" : { "stats":{"columns":{"x":{"items":[{"id":"9"}]}}}, "columns": { "ready" : { "count":1, "items":
			[ {"version":7,"extra":{"id":"8","version":[1,{"version":2}]},"total":"12.50","tax":3.2e1,"status":"ready","id":"17"} ] } } } , "ok" : true } `,
		want: []Record{{ID: "17", State: "ready", Group: "ready", Token: 7}},
	},
	{
		name: "escapes in names and values",
		body: `{"data":{"columns":{"x":{"items":[{"\u0069d":"1\u0037","st\u0061tus":"re\u0061dy","version":1,"notes":"\"version\":9,\\\"id\":\"4\""}]}}}}`,
		want: []Record{{ID: "17", State: "ready", Token: 1}},
	},
	{
		name: "unicode",
		body: `{"data":{"columns":{"x":{"items":[{"id":"ä-👍","status":"ready","version":2,"customer_name":"Zoë 🚗 \ud83d\ude97"}]}}}}`,
		want: []Record{{ID: "ä-👍", State: "ready", Token: 2}},
	},
	{
		name: "ids as numbers and versions as strings",
		body: `{"data":{"columns":{"x":{"items":[{"id":17,"status":"ready","version":"3"}]}}}}`,
		want: []Record{{ID: "17", State: "ready", Token: 3}},
	},
	{
		name: "versions of stores whose numbers are floats",
		body: `{"data":{"columns":{"x":{"items":[{"id":"1","version":3.0},{"id":"2","version":3e0},{"id":"3","version":"10.00"},{"id":"4","version":1.8e18},{"id":"5","version":30E-1},
			{"id":"6","version":9223372036854775807.0},{"id":"7","version":92233720368547758.07E+2}]}}}}`,
		want: []Record{{ID: "1", Token: 3}, {ID: "2", Token: 3}, {ID: "3", Token: 10}, {ID: "4", Token: 1_800_000_000_000_000_000}, {ID: "5", Token: 3},
			{ID: "6", Token: 1<<63 - 1}, {ID: "7", Token: 1<<63 - 1}},
	},
	{
		name: "versions that are no integers from 1",
		body: `{"data":{"columns":{"x":{"items":[{"id":"1","version":0.0},{"id":"2","version":1e999999999},{"id":"3","version":31e-1},{"id":"4","version":-3.0},{"id":"5","version":0e5},
			{"id":"6","version":9.3e18},{"id":"7","version":"e3"},{"id":"8","version":"1e"}]}}}}`,
		want: []Record{{ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4"}, {ID: "5"}, {ID: "6"}, {ID: "7"}, {ID: "8"}},
	},
	{
		name: "no usable version",
		body: `{"data":{"columns":{"x":{"items":[{"id":"1","status":"ready"},{"id":"2","status":"ready","version":0},{"id":"3","status":"ready","version":1.5},
			{"id":"4","status":"ready","version":null},{"id":"5","status":"ready","version":99999999999999999999},{"id":"6","status":"ready","version":"x"},{"id":"7","status":"ready","version":-1}]}}}}`,
		want: []Record{{ID: "1", State: "ready"}, {ID: "2", State: "ready"}, {ID: "3", State: "ready"}, {ID: "4", State: "ready"}, {ID: "5", State: "ready"}, {ID: "6", State: "ready"}, {ID: "7", State: "ready"}},
	},
	{
		name: "an unknown status listed under scheduled",
		body: `{"data":{"columns":{"scheduled":{"items":[{"id":"1","status":"archived","version":1},{"id":"2","status":"a,b","version":1},{"id":"3","status":5,"version":1}]}}}}`,
		want: []Record{{ID: "1", State: "archived", Token: 1}, {ID: "2", State: "a,b", Token: 1}, {ID: "3", Token: 1}},
	},
	{
		name:     "rows without an id that can be recorded",
		body:     `{"data":{"columns":{"x":{"items":[{"status":"ready","version":1},{"id":"1,2"},{"id":"a\"b"},{"id":"a\nb"},{"id":"-JhLeOlGIEjaIOFHR0xd"},{"id":""},{"id":".."},{"id":null},{"id":["1"]},null,7,"record",[],{"id":"ok"}]}}}}`,
		want:     []Record{{ID: "1,2"}, {ID: `a"b`}, {ID: "a\nb"}, {ID: "-JhLeOlGIEjaIOFHR0xd"}, {ID: "ok"}},
		unusable: 9,
	},
	{
		name: "values that come twice: the last counts",
		body: `{"data":{"columns":{"x":{"items":[{"id":"2","id":"3","version":4,"version":5}]}}}}`,
		want: []Record{{ID: "3", Token: 5}},
	},
	{name: "data twice", body: `{"data":5,"data":{"columns":{}}}`, err: "number stands where object was declared"},
	{name: "columns twice", body: `{"data":{"columns":{},"columns":{}}}`, err: "twice"},
	{name: "items twice", body: `{"data":{"columns":{"x":{"items":[{"id":"1"}],"items":[]}}}}`, err: "twice"},
	{name: "a column as an array", body: `{"data":{"columns":{"scheduled":[{"id":"1"}]}}}`, err: "declared"},
	{name: "columns as an array", body: `{"data":{"columns":[{"status":"scheduled","items":[]}]}}`, err: "declared"},
	{name: "items as an object", body: `{"data":{"columns":{"scheduled":{"items":{"1":{}}}}}}`, err: "declared"},
	{name: "no data", body: `{"ok":true}`, err: "it has no $.data.columns"},
	{name: "ok is false", body: `{"ok":false,"data":{"columns":{}}}`, err: "ok: false"},
	{name: "empty", body: ``, err: "EOF"},
	{name: "null", body: `null`, err: "it has no $.data.columns"},
	{name: "HTML", body: `<html>`, err: "unexpected"},
	{name: "cut off", body: `{"data":{"columns":{"x":{"items":[{"id":"1"`, err: "EOF"},
	{name: "more after the end", body: `{"data":{"columns":{}}} {}`, err: "after the end"},
	{name: "a comma too many", body: `{"data":{"columns":{"x":{"items":[{"id":"1"},]}}}}`, err: "unexpected"},
	{name: "nested without end", body: `{"data":{"columns":{"x":{"items":[` + strings.Repeat("[", 20_000), err: "EOF"},
	{name: "nested too deeply", body: `{"data":{"columns":{"x":{"items":[` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "]}}}}", err: "depth"},
}

func TestReadList(t *testing.T) {
	for _, tt := range boards {
		t.Run(tt.name, func(t *testing.T) {
			board := List{Records: []*Record{{ID: "left over"}}, Unusable: make([]*Record, 99)}
			err := scan(apitest.Appointments(t), &board, []byte(tt.body))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, recordsOf(&board), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if len(board.Unusable) != tt.unusable {
				t.Errorf("%d unusable rows, want %d", len(board.Unusable), tt.unusable)
			}
		})
	}
}

func TestListNotes(t *testing.T) {
	const body = `{"data":{"columns":{"x":{"items":[{"id":"1","notes":"occbench:load \u00e4"},{"id":"2","notes":null},{"id":"3","notes":4}]}}}}`
	board := List{Tags: true}
	if err := scan(apitest.Appointments(t), &board, []byte(body)); err != nil {
		t.Fatal(err)
	}
	want := []Record{{ID: "1", Tag: "occbench:load ä"}, {ID: "2"}, {ID: "3"}}
	if diff := cmp.Diff(want, recordsOf(&board)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// TestBoardMemory holds that reading the same records again allocates nothing,
// and that a target which invents ids forever does not fill the memory.
func TestListMemory(t *testing.T) {
	body := boardBody(t, 50)
	var board List
	by, mem := apitest.Appointments(t), takeRoom()
	got := reply{status: 200, body: body}
	read := func() {
		if err := board.read(by, mem, &got); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(20, read); n != 0 {
		t.Errorf("%v allocations a board, want 0", n)
	}
	for i := range 10_000 {
		one := `{"data":{"columns":{"x":{"items":[{"id":"x` + strings.Repeat("y", i%900) + string(rune('a'+i%26)) + `"}]}}}}`
		if err := board.read(by, mem, &reply{status: 200, body: []byte(one)}); err != nil {
			t.Fatal(err)
		}
		if len(board.ids) > 2000 {
			t.Fatalf("%d ids are kept for a board of one record", len(board.ids))
		}
	}
}

func TestListAnswers(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   Answer
	}{
		{"seen", 200, `{"ok":true,"data":{"columns":{}}}`, Answer{Outcome: history.Seen, HTTP: 200}},
		{"another dialect", 200, `[]`, Answer{Outcome: history.Malformed, HTTP: 200}},
		{"a redirect", 302, ``, Answer{Outcome: history.Malformed, HTTP: 302}},
		{"a bad date", 400, `{"error":{"code":"validation_error"}}`, Answer{Outcome: history.Rejected, HTTP: 400, Code: "validation_error"}},
		{"not signed", 403, `{"Message":"Forbidden"}`, Answer{Outcome: history.Unauthorized, HTTP: 403}},
		{"throttled by Lambda", 429, `{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}`, Answer{Outcome: history.Throttled, HTTP: 429}},
		{"a gateway's error", 502, `<html>`, Answer{Outcome: history.ServerError, HTTP: 502}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var query string
			client := serve(t, Config{API: apitest.Appointments(t), Date: "2026-11-24"}, func(w http.ResponseWriter, r *http.Request) {
				query = r.URL.RequestURI()
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.body))
			})
			board := List{Records: []*Record{{ID: "left over"}}}
			got := client.List(context.Background(), &board)
			if diff := cmp.Diff(tt.want, got, ignoreTimes); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if (got.Failure() == nil) != (tt.want.Outcome == history.Seen) {
				t.Errorf("failure %v of outcome %d", got.Failure(), got.Outcome)
			}
			if len(board.Records) != 0 {
				t.Errorf("the board kept %v", board.Records)
			}
			if want := "/api/admin/appointments/board?date=2026-11-24"; query != want {
				t.Errorf("asked for %s, want %s", query, want)
			}
		})
	}
}

// ignoreTimes compares answers without their times, their version (None where
// a board is read) and the words of their errors.
var ignoreTimes = cmpopts.IgnoreFields(Answer{}, "Start", "End", "Token", "Err")

// serve starts a server and returns a client of it.
func serve(tb testing.TB, cfg Config, handler http.HandlerFunc) *Client {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	cfg.Target = server.URL
	client, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdle)
	return client
}

// numbers is a roster.
type numbers struct{ of map[string]int }

func (n *numbers) Index(id string) (int, bool) {
	i, ok := n.of[id]
	return i, ok
}

// Lists of two rosters number the records that both show, each by its own, however often
// they are read in turn, and one without a roster in between.
func TestRostersOfLists(t *testing.T) {
	by, mem := apitest.Appointments(t), takeRoom()
	body := []byte(`{"data":{"columns":{"x":{"items":[{"id":"a","version":1},{"id":"b","version":1},{"id":"c","version":1}]}}}}`)
	lists := []List{{Roster: &numbers{map[string]int{"a": 0, "b": 1}}}, {Roster: &numbers{map[string]int{"b": 0, "c": 1}}}, {}}
	want := [][]int{{0, 1, -1}, {-1, 0, 1}, {0, 0, 0}}
	for _, i := range []int{0, 0, 1, 1, 0, 2, 0, 1, 2} {
		if err := lists[i].read(by, mem, &reply{status: 200, body: body}); err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, r := range lists[i].Records {
			got = append(got, r.Index)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("list %d (-want +got):\n%s", i, diff)
		}
	}
}
