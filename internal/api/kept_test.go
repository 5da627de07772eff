package api

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// read returns what a list shows, and the error, as one text.
func read(l *List, s *ListScratch, body []byte) string {
	text := ""
	err := l.Rows(s, &Response{Status: 200, Body: body}, &Vars{}, func(r *Row) {
		text += fmt.Sprintf("%s %s %s %s %s %s\n", r.ID, r.Token, r.State, r.Tag, r.Changed, r.Group)
	})
	if err != nil {
		text += "\x00" + err.Error()
	}
	return text
}

// records of a list as a random server shows them: some change, move to another group, go,
// come back or stand twice.
type records struct {
	draws  *rand.Rand
	groups [3][]string
}

func (r *records) change() {
	for range r.draws.IntN(4) {
		from, to := &r.groups[r.draws.IntN(3)], &r.groups[r.draws.IntN(3)]
		record := fmt.Sprintf(`{"id":"%d","version":%d,"status":"ready", "notes":"\u00e4 }\" {"}`, r.draws.IntN(9), r.draws.IntN(100))
		switch {
		case len(*from) > 0 && r.draws.IntN(4) > 0:
			i := r.draws.IntN(len(*from))
			record = (*from)[i]
			*from = slices.Delete(*from, i, i+1)
		case r.draws.IntN(8) == 0:
			record = []string{"7", "75", "null", `"record"`, "[]", `{"id":1}`, `{"id":1`, "}"}[r.draws.IntN(8)]
		}
		if r.draws.IntN(4) > 0 {
			*to = slices.Insert(*to, r.draws.IntN(len(*to)+1), record)
		}
	}
}

func (r *records) body() []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":{"columns":{`)
	for i, group := range r.groups {
		fmt.Fprintf(&b, `%s"group%d":{"items":[`, []string{"", ", ", ","}[i], i)
		for k, record := range group {
			b.WriteString([]string{"", ",", " ,\n"}[min(k, 1+r.draws.IntN(2))] + record)
		}
		b.WriteString("]}")
	}
	b.WriteString("}}}")
	return b.Bytes()
}

// A list that is read again shows what it shows to those who read it for the first time.
func TestKeptRows(t *testing.T) {
	list := appointments(t).List
	for seed := range uint64(300) {
		r, kept := &records{draws: rand.New(rand.NewPCG(seed, 1))}, &ListScratch{}
		for range 30 {
			r.change()
			kept.WithoutTags = r.draws.IntN(20) == 0
			body := r.body()
			want, got := read(list, &ListScratch{WithoutTags: kept.WithoutTags}, body), read(list, kept, bytes.Clone(body))
			if text, _, failed := strings.Cut(want, "\x00"); got != want && !(failed && strings.HasPrefix(got, text+"\x00")) {
				t.Fatalf("seed %d: %s\nread again: %s\nread for the first time: %s", seed, body, got, want)
			}
			if kept.Forget(); len(kept.kept.free) > 200 {
				t.Fatalf("%d rows are free", len(kept.kept.free))
			}
		}
	}
}

// What depends on more than the text of its record is read each time.
func TestRowsOfAnswersAreNotKept(t *testing.T) {
	list := compile(t, `{api: 1, name: x, token: opaque, list: {get: "/x?{tag}", items: "$[*]", record: {id: $.id, token: header:ETag}}, `+
		`update: {put: "/x/{id}/{token}", body: "{marker}", applied: {token: $.v}, conflict: {status: 412}}}`).List
	var s ListScratch
	for _, tag := range []string{"1", "2"} {
		got := ""
		r := &Response{Status: 200, Header: map[string][]string{"Etag": {tag}}, Body: []byte(`[{"id":"a"}]`)}
		if err := list.Rows(&s, r, &Vars{}, func(r *Row) { got = string(r.Token) }); err != nil || got != tag {
			t.Errorf("token %q, want %q; %v", got, tag, err)
		}
	}
}

// A note that was left on a row comes with it for as long as it does not change.
func TestNotesOfRows(t *testing.T) {
	list, s, got := appointments(t).List, ListScratch{}, ""
	for _, body := range []string{`{"id":"1","version":1},{"id":"2","version":1}`, `{"id":"1","version":2},{"id":"2","version":1}`, `{"id":"2","version":1}`} {
		body = `{"data":{"columns":{"x":{"items":[` + body + `]}}}}`
		if err := list.Rows(&s, &Response{Status: 200, Body: []byte(body)}, &Vars{}, func(r *Row) {
			got += fmt.Sprint(r.Note, " ")
			r.Note = string(r.ID) + "@" + string(r.Token)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if want := "<nil> <nil> <nil> 2@1 2@1 "; got != want {
		t.Errorf("notes %q, want %q", got, want)
	}
}

func TestRowsThatAreKeptAreBounded(t *testing.T) {
	list, s := appointments(t).List, ListScratch{}
	body := append(append([]byte(`{"data":{"columns":{"x":{"items":[{}`), bytes.Repeat([]byte(`,{}`), 100_000)...), "]}}}}"...)
	for range 2 {
		n := 0
		if err := list.Rows(&s, &Response{Status: 200, Body: body}, &Vars{}, func(*Row) { n++ }); err != nil || n != 100_001 {
			t.Fatalf("%d rows, %v", n, err)
		}
	}
	if n := len(s.kept.new) + len(s.kept.free); n > 2*mostKept/rowSize {
		t.Errorf("%d rows are kept", n)
	}
}
