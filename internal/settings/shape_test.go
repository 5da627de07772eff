package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a parser says it takes is read from its refusal.
func TestShapes(t *testing.T) {
	want := map[string]Shape{
		"target":        {Kind: Text},
		"allow_hosts":   {Kind: List},
		"date":          {Kind: Date, Words: []string{"today", "tomorrow"}},
		"operators":     {Kind: Integer, Least: 1, Most: 100_000},
		"cards":         {Kind: Integer, Least: 1, Most: 1_000_000, Words: []string{"auto"}},
		"max_operators": {Kind: Integer, Least: 1, Most: 100_000, Words: []string{"auto"}},
		"rand_seed":     {Kind: Integer},
		"duration":      {Kind: Duration},
		"warmup":        {Kind: Duration, Words: []string{"auto"}, Zero: true},
		"double_moves":  {Kind: Number, Most: 1},
		"walk":          {Kind: Choice, Words: []string{"cycle", "forward"}},
		"format":        {Kind: Choice, Words: []string{"text", "json"}},
		"shared_board":  {Kind: Boolean},
	}
	got := map[string]Shape{}
	for _, k := range Keys() {
		if _, ok := want[k.Name]; ok {
			got[k.Name] = k.Shape
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A group of the manual is one piece, wherever its rows stand.
func TestKeysKeepGroupsTogether(t *testing.T) {
	seen, last := map[string]bool{}, ""
	for _, k := range Keys() {
		if k.Group == last {
			continue
		}
		if seen[k.Group] {
			t.Errorf("%s comes back at %s", k.Group, k.Name)
		}
		seen[k.Group], last = true, k.Group
	}
	if len(Keys()) != len(Flags()) {
		t.Errorf("%d keys, %d flags", len(Keys()), len(Flags()))
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"20":                              "20",
		"http://127.0.0.1:8080":           "http://127.0.0.1:8080",
		"http://me@127.0.0.1:8080/a":      "http://xxxxx@127.0.0.1:8080/a", // a token, perhaps
		"http://me:pw@127.0.0.1:8080/a":   "http://xxxxx@127.0.0.1:8080/a",
		"postgres://me@h/db":              "postgres://me@h/db",
		"postgres://me:p@w/x@h/db":        "postgres://me:xxxxx@h/db",
		"postgres://h/db?password=pw&a=b": "postgres://h/db?password=xxxxx&a=b",
		"host=h password='p w' user=me":   "host=h password=xxxxx user=me",
		"shop.db":                         "shop.db",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
}
