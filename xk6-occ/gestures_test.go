package occ_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/scenarios"
)

// acting plays half a minute of the scenario's people, who need so many ms to a
// gesture, and returns the gestures of each.
func acting(t *testing.T, people int, opened, gesture float64) [][]string {
	t.Helper()
	source := string(scenarios.BrowserModules()["browser/gestures.js"])
	rt := sobek.New()
	script := strings.ReplaceAll(source, "export ", "") + `
	function act(seat, people, opened, gesture) {
		const g = new Gestures(seat, people), all = [];
		for (let at = opened; at < 30000; at += gesture) {
			const kind = g.next(at);
			all.push(kind);
			at += kind === 'slow' ? 2200 : 0;
			g.overtaken += planOf(kind).name === 'conflict' ? 1 : 0;
		}
		return all;
	}`
	if _, err := rt.RunString(script); err != nil {
		t.Fatal(err)
	}
	act, ok := sobek.AssertFunction(rt.Get("act"))
	if !ok {
		t.Fatal("act is no function")
	}
	var all [][]string
	for seat := range people {
		v, err := act(sobek.Undefined(), rt.ToValue(seat), rt.ToValue(people), rt.ToValue(opened), rt.ToValue(gesture))
		if err != nil {
			t.Fatal(err)
		}
		var one []string
		if err := rt.ExportTo(v, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func conflicts(gestures []string) (n int) {
	for _, g := range gestures {
		if strings.HasPrefix(g, "conflict") {
			n++
		}
	}
	return n
}

// Half a minute holds thirty conflicts also where a gesture takes long, and
// every other kind of gesture is among those of two people.
func TestGesturesOfHalfAMinute(t *testing.T) {
	for _, c := range []struct {
		name            string
		opened, gesture float64
		share           float64  // of conflicts, at least
		kinds           []string // that a person comes to
	}{
		{"a quiet machine", 1500, 450, 0.66, []string{"conflict", "conflict-drag", "double", "double-drag", "error", "slow", "plain", "plain-drag"}},
		{"a busy machine", 4000, 1450, 0.85, []string{"conflict", "conflict-drag", "double", "double-drag", "error", "slow"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			people := acting(t, 2, c.opened, c.gesture)
			together := slices.Concat(people...)
			n := conflicts(together)
			if n < 30 || float64(n) < c.share*float64(len(together)) {
				t.Errorf("%d of %d gestures are conflicts: %q", n, len(together), people)
			}
			for _, kind := range c.kinds {
				if !slices.Contains(together, kind) {
					t.Errorf("nobody comes to %s: %q", kind, people)
				}
			}
		})
	}
}

// A person who has time for three gestures alone comes to a conflict of either kind
// and to a move that is made twice.
func TestFirstGestures(t *testing.T) {
	one := acting(t, 1, 29_000, 400)[0]
	if want := []string{"conflict", "conflict-drag", "double"}; !slices.Equal(one, want) {
		t.Errorf("%q, want %q", one, want)
	}
}
