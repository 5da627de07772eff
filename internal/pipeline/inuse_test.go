package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/shop"
)

// TestRisen tells what others did from what this process did and from what only
// a broken server does by itself.
func TestRisen(t *testing.T) {
	before := []shop.Card{{ID: "1", Version: 3}, {ID: "2", Version: 3}, {ID: "3", Version: 3, Status: "ready"}, {ID: "4", Version: 3}, {ID: "5"}, {ID: "gone", Version: 1}}
	after := []shop.Card{{ID: "1", Version: 5}, {ID: "2", Version: 4}, {ID: "3", Version: 3, Status: "scheduled"}, {ID: "4", Version: 1}, {ID: "5", Version: 2}, {ID: "new", Version: 9}}
	want := []string{`card "1" went from version 3 to 5`}
	if diff := cmp.Diff(want, risen(before, after, []string{"2"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
