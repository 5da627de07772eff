package api

import (
	"net/http"
	"testing"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/history"
)

func TestPlaces(t *testing.T) {
	body := `{"rev":"3-abc|/x","kvs":[{"value":"eyJvcCI6Im0xIiwibiI6N30="}],"a|b":"c","n":12,"no":null,"ok":true}`
	r := &Response{Status: 200, Body: []byte(body), Header: http.Header{"Etag": {`W/"5"`}}}
	tests := []struct{ place, want string }{
		{"$.kvs[0].value|base64|$.op", "m1"},
		{"$.kvs[0].value|base64|$.n", "7"},
		{"$.kvs[0].value|base64|$.none", ""},
		{"$.kvs[0].value|$.op", ""},
		{"$.kvs[1].value|base64", ""},
		{"$.rev|base64", ""},
		{`$.rev|re:/^(\d+)-/`, "3"},
		{`$.rev|re:/(?:x|abc)(\|)/`, "|"},
		{`$.rev|re:/(a|b)/|re:/(a)/`, "a"},
		{"$['a|b']", "c"},
		{`header:etag|re:/"(\d+)"/`, "5"},
		{`re:/"(rev|kvs)"/`, "rev"},
		{"$.n|re:/(.)$/", "2"},
		{"$.no|re:/(.)/", ""},
		{"$.ok|re:/(.)/", ""},
	}
	for _, tt := range tests {
		t.Run(tt.place, func(t *testing.T) {
			by := newReader()
			p, err := newPlace(by, tt.place)
			if err != nil {
				t.Fatal(err)
			}
			var s Scratch
			if err := by.read(jx.DecodeStr(body), s.scanFor(by)); err != nil {
				t.Fatal(err)
			}
			if got := (field{p}).word(s.values, r); string(got) != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	for _, text := range []string{"", "$.a|", "$.a|base32", "base64", "$.a|header:x", "$.a|re:x", "$.a||$.b"} {
		if _, err := newPlace(newReader(), text); err == nil {
			t.Errorf("%q is a place", text)
		}
	}
}

const elastic = `
api: 1
name: x
token: opaque
ids: "occbench-{tag}-{n}"
auth: sigv4:service=s3
states: [open, taken]
read: {get: "/x/_doc/{id}", token: [[$._seq_no, $._primary_term]], state: $._source.status, marker: $._source.op}
update:
  put: "/x/_doc/{id}?if_seq_no={token.0}&if_primary_term={token.1}"
  vars: {doc: '{"op":"{marker}"}'}
  body: '{"status":"{to}","op":"{marker}","all":{doc},"coded":"{doc|base64}"}'
  applied: {status: [200, 201], token: [[$._seq_no, $._primary_term]], same: {$.op: "{marker}"}}
  conflict:
    - {status: 409, when: {$.error: exists}, as: rejected}
    - {status: 409, when: {$.error: busy}, as: busy}
    - {status: 409}
seed:
  once: [{post: /kinds, body: '{"tag":"{tag}"}', save: {kind: $.id, name: $.name}, exists: 409}]
  each:
    - {put: "/x/_doc/{id}", body: '{"kind":{kind},"name":{name},"n":{n|int}}', ok: [200, 201], exists: {status: 409, when: {$.error: exists}}, id: $.id, token: [[$.a, $.b]]}
  delete: "/x/_doc/{id}"
`

func TestPair(t *testing.T) {
	a := compile(t, elastic)
	body := `{"_seq_no":7,"_primary_term":1,"_source":{"status":"open","op":"m9"}}`
	seen, err := a.Read.ReadSight(jx.DecodeStr(body), &Scratch{}, &Response{Status: 200, Body: []byte(body)}, &Vars{})
	if err != nil || string(seen.Token) != "7~1" || seen.State != "open" || string(seen.Marker) != "m9" {
		t.Fatalf("%q %q %q, %v", seen.Token, seen.State, seen.Marker, err)
	}
	v := &Vars{ID: "occbench-t-1", Token: seen.Token, To: "taken", Marker: "m10"}
	path, err := a.Update.AppendPath(nil, v)
	if want := "/x/_doc/occbench-t-1?if_seq_no=7&if_primary_term=1"; err != nil || string(path) != want {
		t.Errorf("%s, %v; want %s", path, err, want)
	}
	sent, err := a.Update.AppendBody(nil, v)
	if want := `{"status":"taken","op":"m10","all":{"op":"m10"},"coded":"eyJvcCI6Im0xMCJ9"}`; err != nil || string(sent) != want {
		t.Errorf("%s, %v; want %s", sent, err, want)
	}
	for text, want := range map[string]Answer{
		`{"_seq_no":8,"_primary_term":1,"op":"m10"}`: {Outcome: history.Applied, Token: []byte("8~1")},
		`{"error":"exists"}`:                         {Outcome: history.Rejected},
		`{"error":"busy"}`:                           {Outcome: history.Throttled},
		`{}`:                                         {Outcome: history.Conflict},
	} {
		status := 409
		if want.Outcome == history.Applied {
			status = 200
		}
		got := a.Update.Judge(jx.DecodeStr(text), &Scratch{}, &Response{Status: status, Body: []byte(text)}, v)
		if got.Outcome != want.Outcome || string(got.Token) != string(want.Token) {
			t.Errorf("%s: outcome %v, token %q, %v; want %v, %q", text, got.Outcome, got.Token, got.Err, want.Outcome, want.Token)
		}
	}
}

func TestSeed(t *testing.T) {
	a := compile(t, elastic)
	if id := a.RecordID("t", 12); id != "occbench-t-12" {
		t.Errorf("id %s", id)
	}
	for id, want := range map[string]int{"occbench-t-12": 12, "occbench-t-012": -1, "occbench-u-12": -1, "": -1, "occbench-t-": -1} {
		if n, ok := a.RecordNumber("t", id); ok != (want >= 0) || ok && n != want {
			t.Errorf("%s is number %d, %v; want %d", id, n, ok, want)
		}
	}
	take := func(c *SeedCall, status int, body string, v *Vars) (Made, error) {
		return c.Take(jx.DecodeStr(body), &Scratch{}, &Response{Status: status, Body: []byte(body)}, v)
	}
	v := &Vars{ID: "occbench-t-1", Tag: "t", Number: 1}
	once, each := a.Seed.Once[0], a.Seed.Each[0]
	made, err := take(once, 201, `{"id":5,"name":"a\"b"}`, v)
	if err != nil || made.Exists || made.Saved["kind"] != (Saved{"5", "5"}) || made.Saved["name"] != (Saved{`a"b`, `"a\"b"`}) {
		t.Fatalf("%+v, %v", made, err)
	}
	v.Saved = made.Saved
	body, err := each.AppendBody(nil, v)
	if want := `{"kind":5,"name":"a\"b","n":1}`; err != nil || string(body) != want {
		t.Errorf("%s, %v; want %s", body, err, want)
	}
	if made, err := take(each, 201, `{"id":"z","a":1,"b":2}`, v); err != nil || made.ID != "z" || made.Token != "1~2" || made.Exists {
		t.Errorf("%+v, %v", made, err)
	}
	if made, err := take(each, 409, `{"error":"exists"}`, v); err != nil || !made.Exists {
		t.Errorf("%+v, %v", made, err)
	}
	for status, body := range map[int]string{409: `{"error":"full"}`, 201: `{}`, 500: `x`} {
		if made, err := take(each, status, body, v); err == nil {
			t.Errorf("HTTP %d %s made %+v", status, body, made)
		}
	}
	if made, err := take(once, 201, `{"id":5}`, &Vars{}); err == nil {
		t.Errorf("without a name: %+v", made)
	}
	path, err := a.Seed.Delete.AppendPath(nil, v)
	if err != nil || string(path) != "/x/_doc/occbench-t-1" || a.Seed.Delete.Method != "DELETE" || a.Seed.Delete.NeedsToken() {
		t.Errorf("%s, %v", path, err)
	}
	for status, gone := range map[int]bool{204: true, 404: true, 409: false} {
		if err := a.Seed.Delete.Check(jx.DecodeStr(""), &Scratch{}, &Response{Status: status}, v); (err == nil) != gone {
			t.Errorf("HTTP %d: %v", status, err)
		}
	}
}

func compile(tb testing.TB, text string) *API {
	tb.Helper()
	a, err := Compile("x.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return a
}
