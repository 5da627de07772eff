package k6import

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
)

// TestTheAPIFileDecides imports points of scripts that speak other APIs than the shop's:
// method and path of its file tell which request is an update, and its conflicts which
// status is one.
func TestTheAPIFileDecides(t *testing.T) {
	for _, c := range []struct {
		api, text string
		reads     int
		outcomes  map[history.Outcome]int
		note      string
	}{
		{"etag", point("GET", "http://h/items/7", "200", 1) + point("PUT", "http://h/items/7", "204", 1) + point("PUT", "http://h/items/7", "412", 1) +
			point("DELETE", "http://h/items/7", "204", 1) + point("PUT", "http://h/other/7", "204", 1),
			1, map[history.Outcome]int{history.Applied: 1, history.Conflict: 1}, "2 other requests that write are left out"},
		{"etcd", point("POST", "http://h/v3/kv/range", "200", 1) + point("POST", "http://h/v3/kv/txn", "200", 1) + point("POST", "http://h/v3/kv/txn", "503", 1),
			1, map[history.Outcome]int{history.ServerError: 1}, "1 update was answered with a status that stands for applied and for a conflict alike"},
	} {
		t.Run(c.api, func(t *testing.T) {
			a, err := api.Load(c.api)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(write(t, "points.json", declared+c.text), gate.Default(), a)
			if err != nil {
				t.Fatal(err)
			}
			got := map[history.Outcome]int{}
			for outcome, n := range r.Outcomes {
				if n > 0 {
					got[outcome] = n
				}
			}
			if diff := cmp.Diff(c.outcomes, got); diff != "" || r.Reads != c.reads || r.Verdict == gate.Pass {
				t.Errorf("%d reads, %s, outcomes (-want +got):\n%s", r.Reads, r.Verdict, diff)
			}
			if !strings.Contains(strings.Join(r.Notes, "\n"), c.note) {
				t.Errorf("the notes are %q, want one with %q", r.Notes, c.note)
			}
		})
	}
}
