package operator

import (
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
)

// Where a walk goes several ways, rivals who meet want different things about as often
// as the same, and only what is legal.
func TestRivalsWantDifferentThings(t *testing.T) {
	states := &apitest.Appointments(t).States
	draws := rand.New(rand.NewPCG(1, 2))
	for _, from := range []string{"scheduled", "in_progress"} {
		seen := map[string]int{}
		for range 1000 {
			to, ok := states.Choose("cycle", from, draws)
			if !ok || !states.IsLegal(from, to) || states.IsFinal(to) {
				t.Fatalf("from %s to %q", from, to)
			}
			seen[to]++
		}
		if len(seen) != 2 {
			t.Errorf("from %s they want %v", from, seen)
		}
		for to, n := range seen {
			if n < 400 || n > 600 {
				t.Errorf("from %s to %s: %d of 1000", from, to, n)
			}
		}
	}
}
