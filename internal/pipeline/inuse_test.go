package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/noun"
)

// TestChanged tells what others did from what this process did and from what only
// a broken server does by itself.
func TestChanged(t *testing.T) {
	before := []client.Record{{ID: "1", Token: 3}, {ID: "2", Token: 3}, {ID: "3", Token: 3, State: "ready"}, {ID: "4", Token: 3}, {ID: "5"}, {ID: "gone", Token: 1}}
	after := []client.Record{{ID: "1", Token: 5}, {ID: "2", Token: 4}, {ID: "3", Token: 3, State: "scheduled"}, {ID: "4", Token: 1}, {ID: "5", Token: 2}, {ID: "new", Token: 9}}
	want := []string{`appointment "1" went from version 3 to 5`}
	if diff := cmp.Diff(want, listChanged(apitest.Appointments(t), before, after, []string{"2"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	opaque := &api.API{Words: noun.Words{Record: "item"}}
	before = []client.Record{{ID: "1", TokenText: `W/"1"`, Marker: "a"}, {ID: "2", TokenText: `"1"`, Marker: "a"}}
	after = []client.Record{{ID: "1", TokenText: `"1"`, Marker: "a"}, {ID: "2", TokenText: `"2"`, Marker: "b"}}
	want = []string{`item "2", last written by "a", was written by "b"`}
	if diff := cmp.Diff(want, listChanged(opaque, before, after, nil)); diff != "" {
		t.Errorf("opaque tokens (-want +got):\n%s", diff)
	}
}
