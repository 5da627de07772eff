package refserver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
)

func TestClientMetrics(t *testing.T) {
	var observed []refserver.ClientMove
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", ""), ObserveClient: func(m refserver.ClientMove) { observed = append(observed, m) }})
	many := strings.Repeat(`{"outcome":"moved","move_ms":1},`, 100)
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"one", `{"operator":3,"moves":[{"outcome":"moved","move_ms":12.5},{"outcome":"conflict","move_ms":2500,"card":"17"}]}`, 204},
		{"none", `{"moves":[]}`, 204},
		{"without an operator", `{"moves":[{"outcome":"error","move_ms":0}]}`, 204},
		{"no moves", `{}`, 400},
		{"moves are no array", `{"moves":{}}`, 400},
		{"a move is no object", `{"moves":[1]}`, 400},
		{"an outcome of one's own", `{"moves":[{"outcome":"won","move_ms":1}]}`, 400},
		{"no outcome", `{"moves":[{"move_ms":1}]}`, 400},
		{"no time", `{"moves":[{"outcome":"moved"}]}`, 400},
		{"a negative time", `{"moves":[{"outcome":"moved","move_ms":-1}]}`, 400},
		{"a time beyond sense", `{"moves":[{"outcome":"moved","move_ms":1e300}]}`, 400},
		{"a time in quotes", `{"moves":[{"outcome":"moved","move_ms":"1"}]}`, 400},
		{"one wrong of two", `{"moves":[{"outcome":"moved","move_ms":1},{"outcome":"moved","move_ms":-1}]}`, 400},
		{"too many", `{"moves":[` + many + `{"outcome":"moved","move_ms":1}]}`, 400},
		{"a wrong operator", `{"operator":"x","moves":[]}`, 400},
		{"no JSON", `move_ms=1`, 400},
		{"too large", `{"moves":[],"x":"` + strings.Repeat("x", 70_000) + `"}`, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r, err := try(http.MethodPost, base+"/api/client-metrics", c.body); err != nil || r.status != c.status {
				t.Errorf("%d %v (%v), want %d", r.status, r.body, err, c.status)
			}
		})
	}
	want := []refserver.ClientMove{
		{Outcome: "moved", Took: 12500 * time.Microsecond, Operator: 3},
		{Outcome: "conflict", Took: 2500 * time.Millisecond, Operator: 3},
		{Outcome: "error"},
	}
	if diff := cmp.Diff(want, observed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, text := get(t, base+"/metrics", "")
	for _, line := range []string{
		`move_ms_count{outcome="moved"} 1`, `move_ms_sum{outcome="moved"} 12.5`, `move_ms_bucket{outcome="moved",le="10"} 0`, `move_ms_bucket{outcome="moved",le="25"} 1`,
		`move_ms_count{outcome="conflict"} 1`, `move_ms_count{outcome="error"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics do not say %s", line)
		}
	}
	if r := call(t, http.MethodGet, base+"/api/client-metrics", ""); r.status != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered with %d", r.status)
	}
}
