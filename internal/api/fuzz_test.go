package api

import (
	"net/url"
	"strings"
	"testing"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/apis"
)

// FuzzCompile compiles any text. An error is one line that begins with the name of
// the file. What compiles is asked for its requests, with hostile values, and reads
// answers of any form: whatever they hold, a path stays within the target and a
// header within its line.
func FuzzCompile(f *testing.F) {
	for _, name := range Names() {
		text, err := apis.Files.ReadFile(name + ending)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "17", "../../x?y#z%2e", `{"data":{"version":3},"ok":true}`)
	}
	f.Add([]byte(elastic), "..", "\r\nX: y", `[{"a":[1,{"b":"`+strings.Repeat("A", 40)+`="}]}]`)
	f.Fuzz(func(t *testing.T, text []byte, id, value, body string) {
		a, err := Compile("x.yaml", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "reading API file x.yaml") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q", err)
			}
			return
		}
		v := &Vars{
			ID: id, Token: []byte(value), From: value, To: value, Marker: value, Date: value, Tag: value, Number: 7, SlotStart: value, SlotEnd: value,
		}
		r := &Response{Status: 200, Header: map[string][]string{"Etag": {value}}, Body: []byte(body)}
		for _, call := range calls(a) {
			checkRequest(t, call, v)
		}
		readAll(a, r, v)
	})
}

// FuzzKeptRows reads two lists one after the other: the second shows what it shows to those
// who read it alone.
func FuzzKeptRows(f *testing.F) {
	const start, end = `{"data":{"columns":{"x":{"items":[`, `]}}}}`
	f.Add(start+`{"id":"1","version":1},{"id":"2"}`+end, start+`{"id":"2"},{"id":"1","version":1}`+end)
	f.Add(start+`{"id":"1"}`+end, start+`{"id":"1"},{"id":"1"}}`+end)
	f.Add(start+`{"id":"1\""}`+end, `{"data":{"columns":{"y":{"items":[{"id":"1\""}, 1 ]},"x":null}},"ok":false}`)
	list := appointments(f).List
	f.Fuzz(func(t *testing.T, first, second string) {
		var s ListScratch
		read(list, &s, []byte(first))
		want, got := read(list, &ListScratch{}, []byte(second)), read(list, &s, []byte(second))
		if rows, _, failed := strings.Cut(want, "\x00"); got != want && !(failed && strings.HasPrefix(got, rows+"\x00")) {
			t.Errorf("%s after %s: %q, alone %q", second, first, got, want)
		}
	})
}

// calls returns all calls of a file.
func calls(a *API) []*Request {
	all := []*Request{&a.Update.Request}
	if bare, ok := a.Update.UnconditionalRequest(&Vars{ID: "1", Marker: "m"}); ok {
		all = append(all, bare)
	}
	if a.Health != nil {
		all = append(all, &a.Health.Request)
	}
	if a.List != nil {
		all = append(all, &a.List.Request)
	}
	if a.Read != nil {
		all = append(all, &a.Read.Request)
	}
	for i := range a.Extra {
		all = append(all, &a.Extra[i].Request)
	}
	if a.Seed == nil {
		return all
	}
	for _, seeded := range [][]*SeedCall{a.Seed.Once, a.Seed.Each, a.Seed.Done} {
		for _, c := range seeded {
			all = append(all, &c.Request)
		}
	}
	if a.Seed.Delete != nil {
		all = append(all, &a.Seed.Delete.Request)
	}
	return all
}

func checkRequest(t *testing.T, call *Request, v *Vars) {
	base := &url.URL{Scheme: "http", Host: "127.0.0.1", Path: "/base"}
	if at, err := call.URL(base, v); err == nil {
		if at.Host != base.Host || !strings.HasPrefix(at.EscapedPath(), "/base/") {
			t.Errorf("%s with %+v leaves the target: %s", call.Template(), v, at)
		}
		for segment := range strings.SplitSeq(at.EscapedPath(), "/") {
			if plain, _ := url.PathUnescape(segment); (plain == "." || plain == "..") && !strings.Contains(call.Template(), ".") {
				t.Errorf("%s with id %q has a segment of dots: %s", call.Template(), v.ID, at)
			}
		}
	}
	for i := range call.headers {
		if value, err := call.headers[i].Append(nil, v); err == nil && strings.ContainsAny(string(value), "\r\n\x00") {
			t.Errorf("a header holds %q", value)
		}
	}
	if _, err := call.Curl("http://127.0.0.1", v, nil); err == nil {
		call.Pattern()
	}
}

// readAll reads one answer as each of the calls.
func readAll(a *API, r *Response, v *Vars) {
	d := func() *jx.Decoder { return jx.DecodeBytes(r.Body) }
	s := &Scratch{}
	for _, status := range []int{200, 404, 409, 412, 503} {
		r.Status = status
		a.Update.Explain(d(), s, r, v)
		a.Update.Seen(r)
		if a.Read != nil && !a.Read.IsMissing(d(), s, r, v) {
			_, _ = a.Read.ReadSight(d(), s, r, v) // any error is right
		}
		if a.List != nil {
			_ = a.List.Rows(&ListScratch{}, r, v, func(*Row) {}) // any error is right
			a.List.Seen(r, v.ID)
		}
		if a.Seed != nil {
			for _, c := range a.Seed.Each {
				_, _ = c.Take(d(), s, r, v) // any error is right
			}
		}
	}
}

// TestHostileIDs holds that any id is one segment of a path, or refused.
func TestHostileIDs(t *testing.T) {
	refused := map[string]bool{"": true, ".": true, "..": true}
	for _, name := range Names() {
		a, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if !a.Update.path.uses("id") {
			continue
		}
		base := &url.URL{Scheme: "http", Host: "127.0.0.1", Path: "/base"}
		plain, err := a.Update.URL(base, &Vars{ID: "x", Token: []byte("1~1")})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{
			"", ".", "..", "...", "a/b", "/", "//", "50%", "%2e%2e", "%2F", "a?b#c", "a b", "a+b", "a;b", "é", "\x00", "a\nb", "\xff", "../../x", `a\b`,
			strings.Repeat("x", 8<<10), strings.Repeat("%/", 4<<10),
		} {
			at, err := a.Update.URL(base, &Vars{ID: id, Token: []byte("1~1")})
			if refused[id] {
				if err == nil {
					t.Errorf("%s: id %q became %s", name, id, at)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: id %q: %v", name, id, err)
				continue
			}
			before, after, _ := strings.Cut(plain.EscapedPath(), "x")
			segment, ok := strings.CutPrefix(at.EscapedPath(), before)
			segment, ends := strings.CutSuffix(segment, after)
			got, err := url.PathUnescape(segment)
			if !ok || !ends || err != nil || got != id || strings.ContainsAny(segment, "/?#") || at.RawQuery != plain.RawQuery {
				t.Errorf("%s: id %.40q became %.200s", name, id, at)
			}
		}
	}
}
