package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-faster/jx"
	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/apis"
	"github.com/occbench/occbench/internal/history"
)

func appointments(tb testing.TB) *API {
	tb.Helper()
	text, err := apis.Files.ReadFile("appointments.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	a, err := Compile("appointments.yaml", text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func board(cards int) []byte {
	var b strings.Builder
	b.WriteString(`{"ok":true,"data":{"date":"2026-11-24","columns":{`)
	for i, column := range []string{"scheduled", "in_progress", "ready", "completed", "no_show"} {
		fmt.Fprintf(&b, `%s"%s":{"items":[`, strings.Repeat(",", min(i, 1)), column)
		for k := range cards / 5 {
			fmt.Fprintf(&b, `%s{"id":"%d","customer_id":"%d","vehicle_id":"%d","appt_start":"2026-11-24T08:00:00Z","appt_end":"2026-11-24T09:00:00Z",`+
				`"status":"%s","position":%d,"version":%d,"notes":"occbench:load batch:abc","updated_at":"2026-11-23T10:11:12.123456Z",`+
				`"customer_name":"Farid Haddad","make":"Ford","model":"Transit","year":2019}`, strings.Repeat(",", min(k, 1)), i*1000+k, k, k, column, k, k+1)
		}
		b.WriteString("]}")
	}
	b.WriteString(`},"stats":{"jobsToday":50,"onPrem":3,"statusCounts":{"scheduled":10}}}}`)
	return []byte(b.String())
}

type row struct{ ID, Token, State, Tag, Group string }

func rows(t *testing.T, l *List, body string) ([]row, error) {
	t.Helper()
	var got []row
	err := l.Rows(jx.DecodeStr(body), &ListScratch{}, &Response{Status: 200, Body: []byte(body)}, &Vars{}, func(r *Row) {
		got = append(got, row{string(r.ID), string(r.Token), string(r.State), string(r.Tag), string(r.Group)})
	})
	return got, err
}

func TestRows(t *testing.T) {
	const ready = `{"id":"17","status":"ready","version":7,"notes":"n"}`
	want := []row{{"17", "7", "ready", "n", "ready"}}
	tests := []struct {
		name, body, err string
		want            []row
	}{
		{name: "none", body: `{"ok":true,"data":{"columns":{"scheduled":{"items":[]}}}}`},
		{name: "null columns and items", body: `{"data":{"columns":{"a":null,"b":{"items":null},"c":{}}}}`},
		{name: "one", body: `{"data":{"columns":{"ready":{"count":1,"items":[` + ready + `]}}}}`, want: want},
		{name: "the same keys elsewhere", body: `{"data":{"stats":{"columns":{"x":{"items":[{"id":"9"}]}}},"columns":{"ready":{"items":[` + ready + `]}}}}`, want: want},
		{name: "an escaped key", body: `{"data":{"columns":{"ready":{"items":[{"\u0069d":"1\u0037","status":"ready","version":7,"notes":"n"}]}}}}`, want: want},
		{name: "numbers as ids, strings as tokens", body: `{"data":{"columns":{"x":{"items":[{"id":17,"version":"3"}]}}}}`, want: []row{{"17", "3", "", "", "x"}}},
		{name: "other types", body: `{"data":{"columns":{"x":{"items":[{"id":["1"],"version":{},"status":5,"notes":null}]}}}}`, want: []row{{Group: "x"}}},
		{name: "rows that are no objects", body: `{"data":{"columns":{"x":{"items":[null,7,"card"]}}}}`, want: []row{{Group: "x"}, {Group: "x"}, {Group: "x"}}},
		{name: "a field twice: the last counts", body: `{"data":{"columns":{"x":{"items":[{"id":"1","id":"2"}]}}}}`, want: []row{{ID: "2", Group: "x"}}},
		{name: "columns as an array", body: `{"data":{"columns":[{"items":[]}]}}`, err: "array stands where object was declared"},
		{name: "items as an object", body: `{"data":{"columns":{"x":{"items":{"1":{}}}}}}`, err: "object stands where array was declared"},
		{name: "a column as an array", body: `{"data":{"columns":{"x":[{"id":"1"}]}}}`, err: "array stands where object was declared"},
		{name: "items twice", body: `{"data":{"columns":{"x":{"items":[],"items":[]}}}}`, err: "stands twice"},
		{name: "no columns", body: `{"data":{}}`, err: "it has no $.data.columns"},
		{name: "ok is false", body: `{"ok":false,"data":{"columns":{}}}`, err: "it says $.ok: false"},
		{name: "no JSON", body: `<html>`, err: "unexpected"},
		{name: "cut off", body: `{"data":{"columns":{"x":{"items":[{"id":"1"`, err: "EOF"},
		{name: "more after the end", body: `{"data":{"columns":{}}} {}`, err: "after the end"},
		{name: "nested without end", body: `{"data":{"columns":{"x":{"items":[` + strings.Repeat("[", 20_000), err: "depth"},
	}
	list := appointments(t).List
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := rows(t, list, tt.body)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	type answer struct {
		Outcome            history.Outcome
		Token, State, Code string
	}
	tests := []struct {
		name, body, err string
		status          int
		want            answer
	}{
		{name: "applied", status: 200, body: `{"ok":true,"data":{"appointment_id":"17","status":"ready","version":4}}`, want: answer{history.Applied, "4", "ready", ""}},
		{name: "an id as a number", status: 200, body: `{"data":{"appointment_id":17,"status":"ready","version":"4"}}`, want: answer{history.Applied, "4", "ready", ""}},
		{name: "another record", status: 200, body: `{"data":{"appointment_id":"18","status":"ready","version":4}}`, want: answer{history.Malformed, "4", "ready", ""}, err: `"18"`},
		{name: "no version", status: 200, body: `{"data":{"appointment_id":"17","status":"ready"}}`, want: answer{history.Malformed, "", "ready", ""}, err: "no token at $.data.version"},
		{name: "version 0", status: 200, body: `{"data":{"appointment_id":"17","status":"ready","version":0}}`, want: answer{history.Malformed, "", "ready", ""}, err: "no token"},
		{name: "another state", status: 200, body: `{"data":{"appointment_id":"17","status":"gone","version":4}}`, want: answer{history.Malformed, "4", "gone", ""}, err: "no state"},
		{name: "ok is false", status: 200, body: `{"ok":false,"data":{"appointment_id":"17","status":"ready","version":4}}`, want: answer{history.Malformed, "4", "ready", ""}, err: "$.ok: false"},
		{name: "no JSON", status: 200, body: `fine`, want: answer{Outcome: history.Malformed}, err: "unexpected byte"},
		{name: "a redirect", status: 302, want: answer{Outcome: history.Malformed}, err: "HTTP status 302"},
		{name: "conflict", status: 409, body: `{"error":{"code":"version_conflict","current_version":9,"current_status":"ready"}}`, want: answer{history.Conflict, "9", "ready", "version_conflict"}},
		{name: "conflict in a word", status: 409, body: `{"error":"version_conflict"}`, want: answer{history.Conflict, "", "", "version_conflict"}},
		{name: "another 409", status: 409, body: `{"error":{"code":"duplicate"}}`, want: answer{history.Rejected, "", "", "duplicate"}},
		{name: "illegal", status: 422, body: `{"error":{"code":"invalid_transition","from":"completed","to":"ready"}}`, want: answer{history.Rejected, "", "completed", "invalid_transition"}},
		{name: "unauthorized", status: 403, body: `{"Message":"no"}`, want: answer{Outcome: history.Unauthorized}},
		{name: "throttled", status: 429, want: answer{Outcome: history.Throttled}},
		{name: "a gateway", status: 502, body: `<html>`, want: answer{Outcome: history.ServerError}},
	}
	update := &appointments(t).Update
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := update.Judge(jx.DecodeStr(tt.body), &Scratch{}, &Response{Status: tt.status, Body: []byte(tt.body)}, &Vars{ID: "17"})
			if diff := cmp.Diff(tt.want, answer{got.Outcome, string(got.Token), got.State, got.Code}); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if (got.Err != nil) != (tt.err != "") || got.Err != nil && !strings.Contains(got.Err.Error(), tt.err) {
				t.Errorf("error %v, want one with %q", got.Err, tt.err)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	a := appointments(t)
	v := &Vars{ID: `../a%/ü"`, Token: []byte("3"), To: "ready"}
	path, err := a.Update.AppendPath(nil, v)
	if want := "/api/admin/appointments/..%2Fa%25%2F%C3%BC%22/move"; err != nil || string(path) != want {
		t.Errorf("path %s, %v; want %s", path, err, want)
	}
	body, err := a.Update.AppendBody(nil, v)
	if want := `{"new_status":"ready","expected_version":3}`; err != nil || string(body) != want {
		t.Errorf("body %s, %v; want %s", body, err, want)
	}
	if _, err := a.Update.AppendPath(nil, &Vars{ID: ".."}); err == nil {
		t.Error("an id of two dots became a path")
	}
	if _, err := a.Update.AppendBody(nil, &Vars{Token: []byte(`3,"x":1`)}); err == nil {
		t.Error("a token that is no integer became one")
	}
}

func TestTemplates(t *testing.T) {
	v := &Vars{ID: `a"b\` + "\n", Tag: "a b&c", Marker: "m1", Token: []byte(`"abc"`), Parts: [][]byte{[]byte("7"), []byte("1")}, Number: 5,
		Saved: map[string]Saved{"customer": {Text: "9", JSON: "9"}, "name": {Text: "x", JSON: `"x"`}}}
	tests := []struct {
		text string
		at   context
		want string
	}{
		{`/x?tag={tag}`, inPath, `/x?tag=a+b%26c`},
		{`/x?s={token.0}&t={token.1}`, inPath, `/x?s=7&t=1`},
		{`{"id":"{id}"}`, inJSON, `{"id":"a\"b\\\u000a"}`},
		{`{"customer":{customer},"name":{name},"n":{n|int}}`, inJSON, `{"customer":9,"name":"x","n":5}`},
		{`{"key":"{marker|base64}","e":{}}`, inJSON, `{"key":"bTE=","e":{}}`},
		{`{token}`, inHeader, `"abc"`},
		{`{token|unquote}`, inHeader, `abc`},
		{`plain {marker}`, inText, `plain m1`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			tmpl, err := parseTemplate(tt.text, tt.at, func(name string) bool { return v.Saved[name] != Saved{} })
			if err != nil {
				t.Fatal(err)
			}
			got, err := tmpl.append(nil, v)
			if err != nil || string(got) != tt.want {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
		})
	}
	bad := template{source: "x", parts: []part{{name: "id", index: -1, place: inHeader}}}
	if _, err := bad.append(nil, v); err == nil {
		t.Error("a line break became part of a header")
	}
}

// TestMistakes holds that a mistake in a file is named with its line, its
// column and what would be right.
func TestMistakes(t *testing.T) {
	const good = "api: 1\nname: x\ntoken: opaque\nread: {get: \"/x/{id}\", token: \"header:ETag\"}\nupdate:\n  put: \"/x/{id}\"\n  conflict: {status: 412}\n"
	if _, err := Compile("x.yaml", []byte(good)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to, want string }{
		{"an unknown key", "conflict", "conflicts", "x.yaml:7:3: key \"conflicts\" is unknown here; want one of applied, body, conflict, delete"},
		{"another version", "api: 1", "api: 2", "x.yaml:1:1: want `api: 1`"},
		{"an unknown name", "update:\n  put: \"/x/{id}\"", "update:\n  put: \"/x/{card}\"", "6:8: \"/x/{card}\": {card} is no name; there are {id} {token}"},
		{"an unknown filter", "{id}\", token", "{id|hex}\", token", "there is no filter \"hex\"; want base64, int or unquote"},
		{"no place", "header:ETag", "ETag", "\"ETag\" is no place; want a JSON path"},
		{"a wildcard in a place", "header:ETag", "$.a[*].b", "more than names and indexes"},
		{"a path that is none", "header:ETag", "$.", "4:"},
		{"no slash", "put: \"/x/{id}\"", "put: \"x/{id}\"", "6:8: \"x/{id}\" is no path"},
		{"a status that is none", "412", "41", "7:22: \"41\" is no HTTP status"},
		{"braces without quotes", "\"/x/{id}\"\n  conflict", "{id}\n  conflict", "one with {braces} stands in quotes"},
		{"no conflict", "  conflict: {status: 412}\n", "", "it has no conflict"},
		{"a key twice", "name: x", "name: x\nname: y", "3:1: key \"name\" stands twice"},
		{"another kind of token", "opaque", "etag", "token is \"etag\"; want counting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(good, tt.from, tt.to, 1)
			if text == good {
				t.Fatal("the test changes nothing")
			}
			_, err := Compile("x.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v\nwant one with %s", err, tt.want)
			}
		})
	}
	for _, text := range []string{"", "[]", "api: 1", ": :"} {
		if _, err := Compile("x.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestHeaderToken(t *testing.T) {
	const file = "api: 1\nname: x\ntoken: opaque\nread: {get: \"/x/{id}\", token: \"header:etag\", state: \"re:/state=(\\\\w+)/\"}\n" +
		"update: {put: \"/x/{id}\", headers: {if-match: \"{token}\"}, body: hello, applied: {status: [200, 204]}, conflict: [{status: 412}]}\n"
	a, err := Compile("x.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	r := &Response{Status: 200, Header: http.Header{"Etag": {`W/"1"`}}, Body: []byte("state=open")}
	got, err := a.Read.See(jx.DecodeBytes(r.Body), &Scratch{}, r, &Vars{})
	if err != nil || string(got.Token) != `W/"1"` || got.State != "open" {
		t.Errorf("%s %s, %v", got.Token, got.State, err)
	}
	header := a.Update.Headers()[0]
	sent, err := header.Append(nil, &Vars{Token: got.Token})
	if err != nil || string(sent) != `W/"1"` || header.Name != "If-Match" {
		t.Errorf("%s: %s, %v", header.Name, sent, err)
	}
	for status, want := range map[int]history.Outcome{200: history.Applied, 204: history.Applied, 201: history.Malformed, 412: history.Conflict, 428: history.Rejected} {
		if a := a.Update.Judge(jx.DecodeStr(""), &Scratch{}, &Response{Status: status}, &Vars{}); a.Outcome != want {
			t.Errorf("HTTP %d is outcome %d, want %d", status, a.Outcome, want)
		}
	}
}

func TestInteger(t *testing.T) {
	for text, want := range map[string]int64{"3": 3, "3.0": 3, "3e0": 3, "9223372036854775807": 1<<63 - 1, "0": 0, "-1": 0, "1.5": 0, "": 0, "x": 0, "99999999999999999999": 0, "1e300": 0, "NaN": 0} {
		if got := Integer(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestRowsAllocateNothing(t *testing.T) {
	list, body, n := appointments(t).List, board(50), 0
	var d jx.Decoder
	var s ListScratch
	use := func(*Row) { n++ }
	r, v := &Response{Status: 200, Body: body}, &Vars{}
	if allocs := testing.AllocsPerRun(20, func() {
		d.ResetBytes(body)
		if err := list.Rows(&d, &s, r, v, use); err != nil {
			t.Fatal(err)
		}
	}); allocs != 0 || n%50 != 0 || n == 0 {
		t.Errorf("%v allocations a list, want 0; %d rows", allocs, n)
	}
}

func BenchmarkRows(b *testing.B) {
	list, body, n := appointments(b).List, board(50), 0
	var d jx.Decoder
	var s ListScratch
	use := func(*Row) { n++ }
	r, v := &Response{Status: 200, Body: body}, &Vars{}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		d.ResetBytes(body)
		if err := list.Rows(&d, &s, r, v, use); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	text, err := apis.Files.ReadFile("appointments.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Compile("appointments.yaml", text); err != nil {
			b.Fatal(err)
		}
	}
}
