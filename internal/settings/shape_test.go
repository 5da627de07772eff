package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
)

// What the manual says a setting takes comes from its codec.
func TestShapes(t *testing.T) {
	want := map[string]run.Shape{
		"target":         {Kind: run.Text},
		"allow_hosts":    {Kind: run.List},
		"date":           {Kind: run.Date, Words: []string{"today", "tomorrow"}},
		"operators":      {Kind: run.Integer, Least: 1, Most: 100_000},
		"records":        {Kind: run.Integer, Least: 1, Most: 1_000_000, Words: []string{"auto"}},
		"max_operators":  {Kind: run.Integer, Least: 1, Most: 100_000, Words: []string{"auto"}},
		"rand_seed":      {Kind: run.Integer},
		"duration":       {Kind: run.Duration},
		"warmup":         {Kind: run.Duration, Words: []string{"auto"}, Zero: true},
		"double_updates": {Kind: run.Number, Most: 1},
		"walk":           {Kind: run.Choice, Words: []string{"cycle", "forward"}},
		"format":         {Kind: run.Choice, Words: []string{"text", "json"}},
		"shared_records": {Kind: run.Boolean},
	}
	got := map[string]run.Shape{}
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
