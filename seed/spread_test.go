package seed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/seed"
)

// byState counts the records of a board.
func byState(t *testing.T, target string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, c := range records(t, target, seed.DefaultTag) {
		counts[c.State]++
	}
	return counts
}

// A board that is seeded for people looks like a day that is under way.
func TestSpreadOverTheStates(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	o := quick(24)
	o.Spread = true
	got, err := over(t, target, o)
	if err != nil || len(got.Warnings) > 0 || got.Usable != 24 {
		t.Fatalf("%+v, %v", got, err)
	}
	counts := byState(t, target)
	for _, state := range []string{"scheduled", "in_progress", "ready", "no_show"} {
		if counts[state] == 0 || counts["scheduled"] < counts[state] {
			t.Errorf("%s: %v", state, counts)
		}
	}
	if counts["completed"] > 0 {
		t.Errorf("records are used up: %v", counts)
	}
	if again, err := over(t, target, o); err != nil || again.Created != 0 || !cmp.Equal(counts, byState(t, target)) {
		t.Errorf("a second call moves records: %v after %v, %+v, %v", byState(t, target), counts, again, err)
	}
}

// A run's records stay where they are made, and a target that refuses to move them is warned of.
func TestSpreadIsAskedForAndHarmless(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	if _, err := over(t, target, quick(24)); err != nil || byState(t, target)["scheduled"] != 24 {
		t.Errorf("%v, %v", byState(t, target), err)
	}
	refusing := start(t, "sqlite", "", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/move") {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	o := quick(24)
	o.Spread = true
	got, err := over(t, refusing, o)
	if err != nil || got.Usable != 24 || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "stay where they were made") {
		t.Errorf("%+v, %v", got, err)
	}
}
