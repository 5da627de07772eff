package api

import (
	"bytes"
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

func board(records int) []byte {
	var b strings.Builder
	b.WriteString(`{"ok":true,"data":{"date":"2026-11-24","columns":{`)
	for i, column := range []string{"scheduled", "in_progress", "ready", "completed", "no_show"} {
		fmt.Fprintf(&b, `%s"%s":{"items":[`, strings.Repeat(",", min(i, 1)), column)
		for k := range records / 5 {
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
	err := l.Rows(&ListScratch{}, &Response{Status: 200, Body: []byte(body)}, &Vars{}, func(r *Row) {
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
		{name: "rows that are no objects", body: `{"data":{"columns":{"x":{"items":[null,7,"record"]}}}}`, want: []row{{Group: "x"}, {Group: "x"}, {Group: "x"}}},
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
		{name: "nested without end", body: `{"data":{"columns":{"x":{"items":[` + strings.Repeat("[", 20_000), err: "EOF"},
		{name: "nested too deeply", body: `{"data":{"columns":{"x":{"items":[` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "]}}}}", err: "depth"},
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
	v := &Vars{ID: `a"b\` + "\n", Tag: "a b&c", Marker: "m1", Date: "2026-11-24", SlotStart: "8:00", SlotEnd: "8:30", Token: []byte(`"abc"~1`), Number: 5,
		Saved: map[string]Saved{"customer": {Text: "9", JSON: "9"}, "name": {Text: "x", JSON: `"x"`}}}
	tests := []struct {
		text string
		at   context
		want string
	}{
		{`/x?tag={tag}`, inPath, `/x?tag=a+b%26c`},
		{`/x?s={token.0}&t={token.1}`, inPath, `/x?s=%22abc%22&t=1`},
		{`{"id":"{id}"}`, inJSON, `{"id":"a\"b\\\u000a"}`},
		{`{"customer":{customer},"name":{name},"n":{n|int}}`, inJSON, `{"customer":9,"name":"x","n":5}`},
		{`{"key":"{marker|base64}","e":{}}`, inJSON, `{"key":"bTE=","e":{}}`},
		{`{token}`, inHeader, `"abc"~1`},
		{`{token.0|unquote}`, inHeader, `abc`},
		{`{marker|vin}`, inText, `0CB4DB3RW2VAREC2J`},
		{`{"key":"{doc|base64}","doc":{doc},"text":"{doc}"}`, inJSON, `{"key":"eyJtIjoibTEifQ==","doc":{"m":"m1"},"text":"{\"m\":\"m1\"}"}`},
		{`{date|basic}`, inText, `20261124`},
		{`{slot.start}/{slot.end}`, inText, `8:00/8:30`},
		{`plain {marker}`, inText, `plain m1`},
	}
	doc, err := parseTemplate(`{"m":"{marker}"}`, inJSON, writeNames)
	if err != nil {
		t.Fatal(err)
	}
	doc.json = true
	known := writeNames.add("n", "customer", "name", "slot.start", "slot.end")
	known["doc"] = &doc
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			tmpl, err := parseTemplate(tt.text, tt.at, known)
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
	const good = `api: 1
name: x
token: opaque
read: {get: "/x/{id}", token: "header:ETag"}
update:
  put: "/x/{id}"
  body: '{token} {marker}'
  applied: {token: $.v}
  conflict: {status: 412}
`
	if _, err := Compile("x.yaml", []byte(good)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to, want string }{
		{"an unknown key", "conflict", "conflicts", `x.yaml:9:3: key "conflicts" is unknown here; did you mean conflict?`},
		{"a key like no other", "conflict", "stale", "9:3: key \"stale\" is unknown here; want one of applied, body, conflict, delete"},
		{"another version", "api: 1", "api: 2", "x.yaml:1:1: want `api: 1`"},
		{"an unknown name", "put: \"/x/{id}", "put: \"/x/{record}", `6:8: "/x/{record}": {record} has no value here; want one of date, from, id`},
		{"a mistyped name", "{token}", "{tokn}", "7:9: \"{tokn} {marker}\": {tokn} has no value here; did you mean token?"},
		{"a name of another call", "/x/{id}\", token", "/x/{to}\", token", "4:13: \"/x/{to}\": {to} has no value here; want one of date, id, tag"},
		{"an unknown filter", "{id}\", token", "{id|hex}\", token", "there is no filter \"hex\"; want one of base64, basic, int, unquote, vin"},
		{"a mistyped filter", "{id}\", token", "{id|base46}\", token", "there is no filter \"base46\"; did you mean base64?"},
		{"no place", "header:ETag", "ETag", "4:31: \"ETag\" is no place; want a JSON path"},
		{"a wildcard in a place", "header:ETag", "$.a[*].b", "more than names and indexes"},
		{"a path that is none", "header:ETag", "$.", "4:31: "},
		{"a place that leads into nothing", "header:ETag", "header:ETag|json", `"json" does not lead into a value; want base64, a JSON path or re:/(…)/`},
		{"a pattern without a group", "header:ETag", "re:/x/", "has 0 groups in parentheses, want one"},
		{"the same place twice", "\"header:ETag\"", "[$.v, $.v]", "4:31: the place $.v stands twice in the list"},
		{"no slash", "put: \"/x/{id}\"", "put: \"x/{id}\"", "6:8: \"x/{id}\" is no path"},
		{"a status that is none", "412", "41", "9:22: \"41\" is no HTTP status"},
		{"braces without quotes", "\"/x/{id}\"\n  body", "{id}\n  body", "one with {braces} stands in quotes"},
		{"no conflict", "  conflict: {status: 412}\n", "", "it has no conflict"},
		{"a key twice", "name: x", "name: x\nname: y", `3:1: key "name" stands twice, first in line 2`},
		{"another kind of token", "opaque", "etag", "3:8: token is \"etag\"; want counting"},
		{"no kind of token", "token: opaque\n", "", "it has no token; want `token: counting`"},
		{"no YAML", "{status: 412}", "{status: 412", "x.yaml:9: it is no YAML: "},
		{"a second document", "api: 1", "api: 1\n---\napi: 1", "x.yaml:2: a second document begins here"},
		{"a tab", "  put", "\tput", "x.yaml:6: it is no YAML: "},
		{"every answer is a conflict", "412", "2xx", "9:13: this holds for every answer with HTTP status 200, so none would be applied"},
		{"a conflict that nothing reaches", "{status: 412}", "[{status: 4xx}, {status: 412}]", "9:29: no answer comes here: the entry before it takes every 412"},
		{"a condition that says nothing", "{status: 412}", "{status: 409, when: {}}", "9:33: when is empty, so it always holds"},
		{"an empty list of conditions", "{status: 412}", "{status: 409, absent: []}", "9:35: the list is empty"},
		{"a condition that contradicts itself", "{status: 412}", "{status: 409, when: {$.a: x}, unless: {$.a: x}}", "9:13: the condition never holds: $.a is to be x, and not"},
		{"a place that is to be and not to be there", "{status: 412}", "{status: 409, require: $.a, absent: $.a}", "$.a is to be absent, and to be there"},
		{"a refusal that is applied", "{token: $.v}", "{status: [200, 409], token: $.v}", "an update that was applied is answered with a status below 400, and applied says 409"},
		{"every record is missing", "token: \"header", "missing: 200, token: \"header", "`missing` holds for every answer with HTTP status 200"},
		{"a marker that is read and not written", "{token} {marker}'\n  applied: {token: $.v}", "{token}'\n  applied: {token: $.v}", "an update changes nothing; want {to}"},
		{"a state that the file does not name", "{marker}", "{to}", "the update speaks of states and the file names none"},
		{"states that no update asks for", "token: opaque", "token: opaque\nstates: [a, b]", "the file names states and no update asks for one"},
		{"one state", "token: opaque", "token: opaque\nstates: [a]", "4:9: states need two names or more"},
		{"no token in the answer and no marker", "{token: $.v}", "{token: none}", "an applied update does not answer its new token"},
		{"no token in the update", "{token} {marker}", "{marker}", "the update does not send the token back"},
		{"a part of no pair", "{token} {marker}", "{token.0} {marker}", "the update sends {token.0}, and the token header:ETag has no such part"},
		{"a pair here and none there", "\"header:ETag\"", "[[$.a, $.b]]", "the token is [$.a, $.b] at one place and $.v at another"},
		{"records that cannot be told apart", "token: opaque", "token: opaque\nids: \"x-{n}\"", "4:6: \"x-{n}\" names records that cannot be told apart"},
		{"records of others", "read: {get: \"/x/{id}\", token: \"header:ETag\"}", "list: {get: /x, items: $.a, record: {id: $.id, token: $.v}}", "nothing tells our records"},
		{"an unknown preset", "token: opaque", "token: opaque\nauth: digest", "4:7: auth is \"digest\"; want none, basic, bearer"},
		{"an unknown option of a preset", "token: opaque", "token: opaque\nauth: sigv4:profile=x", "sigv4 has no option \"profile\"; it has service=…, region=…"},
		{"a seed without records", "token: opaque", "token: opaque\nseed: {delete: \"/x/{id}\"}", "4:7: seed has no `each`"},
		{"a seed whose ids nothing tells", "token: opaque", "token: opaque\nseed: {each: [{post: /x}]}", "nothing tells the ids of the records"},
		{"a seed that never makes a record", "token: opaque", "token: opaque\nseed: {each: [{post: /x, exists: 200, id: $.id}]}", "`exists` holds for every answer with HTTP status 200"},
		{"a time that is none", "token: opaque", "token: opaque\nseed: {each: [{post: /x, id: $.id, wait: long}]}", "\"long\" is no time to wait"},
		{"a word that no class has", "{status: 412}", "[{status: 412}, {status: 409, as: stale}]", "as is \"stale\"; want conflict, busy"},
		{"no conflict among the classes", "{status: 412}", "{status: 412, as: busy}", "it has no conflict"},
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
	const file = "api: 1\nname: x\ntoken: opaque\nread: {get: \"/x/{id}\", token: \"header:etag\", marker: \"re:/state=(\\\\w+)/\"}\n" +
		"update: {put: \"/x/{id}\", headers: {if-match: \"{token}\"}, body: \"hello {marker}\", applied: {status: [200, 204], token: none}, conflict: [{status: 412}]}\n"
	a, err := Compile("x.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	r := &Response{Status: 200, Header: http.Header{"Etag": {`W/"1"`}}, Body: []byte("state=open")}
	got, err := a.Read.ReadSight(jx.DecodeBytes(r.Body), &Scratch{}, r, &Vars{})
	if err != nil || string(got.Token) != `W/"1"` || string(got.Marker) != "open" || a.Update.Answered || !a.Marked {
		t.Errorf("%s %s, %v", got.Token, got.Marker, err)
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

// A list that is read without tags leaves them unread, but for a text that is
// something else as well.
func TestRowsWithoutTags(t *testing.T) {
	const file = `{api: 1, name: x, token: opaque, list: {get: /x, items: "$[*]", record: {id: $.id, token: $.v, tag: $.note, changed: $.at, marker: MARKER}}, ` +
		`update: {put: "/x/{token}", body: "{marker}", applied: {token: $.v}, conflict: {status: 412}}}`
	const body = `[{"id":"1","v":2,"note":"n","at":"t","m":"k"}]`
	for marker, want := range map[string]string{"$.m": "1 2   k", "$.note": "1 2   n"} {
		list, got := compile(t, strings.Replace(file, "MARKER", marker, 1)).List, ""
		r := &Response{Status: 200, Body: []byte(body)}
		if err := list.Rows(&ListScratch{WithoutTags: true}, r, &Vars{}, func(r *Row) {
			got = fmt.Sprintf("%s %s %s %s %s", r.ID, r.Token, r.Tag, r.Changed, r.Marker)
		}); err != nil || got != want {
			t.Errorf("marker at %s: %q, %v; want %q", marker, got, err, want)
		}
	}
}

func TestRowsAllocateNothing(t *testing.T) {
	list, n := appointments(t).List, 0
	answers := []*Response{{Status: 200, Body: board(50)}, {Status: 200, Body: bytes.ReplaceAll(board(50), []byte(`"version":3,`), []byte(`"version":9,`))}}
	var s ListScratch
	use := func(*Row) { n++ }
	v := &Vars{}
	if allocs := testing.AllocsPerRun(20, func() {
		for _, r := range answers {
			if err := list.Rows(&s, r, v, use); err != nil {
				t.Fatal(err)
			}
		}
	}); allocs != 0 || n%50 != 0 || n == 0 {
		t.Errorf("%v allocations a list, want 0; %d rows", allocs, n)
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
