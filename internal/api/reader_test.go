package api

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/go-faster/jx"
	"github.com/theory/jsonpath"
)

// FuzzPlaces reads places of any JSON in one walk, and one by one by a library of
// JSON paths over a tree: both find the same.
func FuzzPlaces(f *testing.F) {
	paths := []string{"$", "$.a", "$.a.b", "$.a[0]", "$.a[1].b", "$.a.b.c", "$.b", "$['a b']", "$.a[0][0]", "$.long_name_of_a_member", "$.A"}
	for _, seed := range []string{
		`{"a":{"b":{"c":"x"}},"b":1}`, `{"a":[{"b":1},{"b":"2"}]}`, `{"a":[[true]]}`, `{"a":1,"a":{"b":2}}`, `{"a":{"b":1},"a":3}`, `"x"`, `null`, `[1]`,
		`{"\u0061":1,"a b":"\n"}`, `{"a":{"b":1},"a":null}`, `{"long_name_of_a_member":1e3,"A":-0}`, ` {"a" : [ ] } `, `{"a":[{"b":1,"b":2}]}`,
	} {
		f.Add([]byte(seed))
	}
	by := newReader()
	var places []place
	var trees []*jsonpath.Path
	for _, text := range paths {
		p, err := newPlace(by, text)
		if err != nil {
			f.Fatal(err)
		}
		places, trees = append(places, p), append(trees, jsonpath.MustParse(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) {
			return // both replace what is no UTF-8, each in its own way
		}
		var s Scratch
		if by.read(jx.DecodeBytes(body), s.scanFor(by)) != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var tree any
		if d.Decode(&tree) != nil {
			return // what one of the two refuses is no JSON
		}
		for i, path := range paths {
			v := places[i].valueIn(s.values, &Response{})
			got := ""
			if v.isScalar() {
				got = string(v.text)
			}
			if want := selected(trees[i], tree); got != want {
				t.Errorf("%s of %s is %q by the walk and %q by the tree", path, body, got, want)
			}
		}
	})
}

// selected returns the text, number or bool at a path of a tree; empty where none is.
func selected(path *jsonpath.Path, tree any) string {
	found := path.Select(tree)
	if len(found) == 0 {
		return ""
	}
	switch v := found[0].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}
