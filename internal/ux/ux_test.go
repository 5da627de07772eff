package ux

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

// refused is a provoked conflict of card 17 from which the screen recovered.
func refused() Gesture {
	return Gesture{
		N: 1, Name: "conflict", How: "keyboard", Card: "17", From: "scheduled", To: "in_progress", Version: 4,
		Rival:   &Rival{Outcome: "applied", Version: ptr(int64(5)), Status: "in_progress"},
		Moves:   []Move{{Outcome: "conflict", HTTP: 409, Version: ptr(int64(5)), Status: "in_progress", Expected: 4}},
		Settled: true, MoveMS: ptr(80.0), Feedback: ptr(3.0),
		Shown: &Seen{"in_progress", 5}, Server: &Seen{"in_progress", 5}, EqualMS: ptr(40.0),
		Toasts: []Toast{{Kind: "conflict", Card: "17"}},
	}
}

// measured is what one gesture of person 1001 comes to.
func measured(g Gesture) Numbers {
	m := New()
	m.AddGesture(1001, &g)
	m.addPage(1001, page{State: "ready", OpenedMS: 900, LCP: ptr(120.0), INP: ptr(16.0)})
	return m.Numbers()
}

func with(change func(*Gesture)) Gesture {
	g := refused()
	change(&g)
	return g
}

func TestARecoveredConflict(t *testing.T) {
	n := measured(refused())
	if n.CountDefective() != 0 || n.CountUnrecovered() != 0 || n.Untold != 0 {
		t.Errorf("a flawless screen has faults: %+v", n)
	}
	want := Conflicts{Count: 1, Provoked: 1, Recovered: 1, Judged: 1, Recovery: Quantiles{1, ptr(40.0), ptr(40.0), ptr(40.0)}}
	if diff := cmp.Diff(want, n.Conflicts); diff != "" {
		t.Errorf("conflicts (-want +got)\n%s", diff)
	}
	if *n.Feedback.Median != 3 || *n.Move.P95 != 80 || *n.LCP != 120 || *n.INP != 16 || n.People != 1 {
		t.Errorf("times %+v", n)
	}
}

// What is wrong on a screen is counted, and told in a sentence that names the
// card, the person and the gesture.
func TestWrongScreens(t *testing.T) {
	cases := []struct {
		name    string
		gesture Gesture
		defects func(*Numbers) (int, string)
		want    string
	}{
		{"a lost card", with(func(g *Gesture) { g.Missing = []string{"9"} }),
			func(n *Numbers) (int, string) { return n.Lost.Count, n.Lost.First }, "card 9 is on the board of the server and nowhere on the screen"},
		{"a card twice", with(func(g *Gesture) { g.Twice = []string{"9"} }),
			func(n *Numbers) (int, string) { return n.Duplicated.Count, n.Duplicated.First }, "card 9 stands on the screen more than once"},
		{"rolled back to what it was, although the refusal says otherwise", with(func(g *Gesture) { g.Shown = &Seen{"scheduled", 4} }),
			func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "settled in scheduled as version 4 although the server had version 5"},
		{"the wish goes on being shown", with(func(g *Gesture) { g.Shown = &Seen{"in_progress", 4} }),
			func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "a wrong rollback"},
		{"a refusal that does not tell the version", with(func(g *Gesture) { g.Moves[0].Version, g.Rival, g.Shown = nil, nil, &Seen{"scheduled", 4} }),
			func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "the server had version 5 already"},
		{"the right version in the wrong column", with(func(g *Gesture) { g.Shown = &Seen{"ready", 5} }),
			func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "settled in ready although its version 5 stands in in_progress"},
		{"a moved card that is taken back", with(func(g *Gesture) {
			g.Rival, g.Moves[0] = nil, Move{Outcome: "applied", HTTP: 200, Version: ptr(int64(5)), Status: "in_progress", Expected: 4}
			g.Shown = &Seen{"scheduled", 4}
		}), func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "the server had version 5 already"},
		{"a failed move that goes on being shown", with(func(g *Gesture) {
			g.Rival, g.Moves[0] = nil, Move{Outcome: "server_error", HTTP: 500, Expected: 4, Injected: true}
			g.Shown, g.Server = &Seen{"in_progress", 4}, &Seen{"scheduled", 4}
		}), func(n *Numbers) (int, string) { return n.Rollbacks.Count, n.Rollbacks.First }, "its version 4 stands in scheduled"},
		{"a move that never ends", with(func(g *Gesture) { g.Settled = false }),
			func(n *Numbers) (int, string) { return n.Unsettled.Count, n.Unsettled.First }, "the page never ended the move of card 17"},
		{"not right in time", with(func(g *Gesture) { g.EqualMS, g.Late = nil, []Late{{"9", Seen{"ready", 3}, &Seen{"scheduled", 1}}} }),
			func(n *Numbers) (int, string) { return n.CountUnrecovered(), n.Conflicts.First }, "card 9 is in ready as version 3 at the server and in scheduled as version 1 on the screen"},
		{"not there in time", with(func(g *Gesture) { g.EqualMS, g.Late = nil, []Late{{ID: "9", Want: Seen{"ready", 3}}} }),
			func(n *Numbers) (int, string) { return n.CountUnrecovered(), n.Conflicts.First }, "nowhere on the screen"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := measured(c.gesture)
			count, first := c.defects(&n)
			if count != 1 || !strings.Contains(first, c.want) || !strings.Contains(first, "(person 1001, gesture 1)") {
				t.Errorf("%d × %q, want 1 × …%s…", count, first, c.want)
			}
		})
	}
}

// Others move cards, too: what is newer than was asked for is no fault.
func TestRightScreens(t *testing.T) {
	cases := []struct {
		name    string
		gesture Gesture
	}{
		{"somebody moved the card on before the screen settled", with(func(g *Gesture) { g.Shown, g.Server = &Seen{"ready", 7}, &Seen{"scheduled", 9} })},
		{"a card that is not there for a moment", with(func(g *Gesture) { g.Shown = nil })},
		{"nothing was sent", with(func(g *Gesture) { g.Moves, g.Rival, g.Settled, g.Shown = nil, nil, false, &Seen{"scheduled", 4} })},
		{"an error of the server and nothing known", with(func(g *Gesture) {
			g.Rival, g.Moves[0], g.Shown = nil, Move{Outcome: "server_error", HTTP: 500, Expected: 4}, &Seen{"scheduled", 4}
		})},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if n := measured(c.gesture); n.CountDefective() != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	m := New()
	add := func(change func(*Gesture)) { g := with(change); m.AddGesture(1001, &g) }
	add(func(g *Gesture) { g.Missing = []string{"9"} })
	add(func(g *Gesture) { g.Missing = []string{"9"} }) // the same loss once more
	add(func(g *Gesture) { g.Toasts = nil })
	add(func(g *Gesture) { g.Unread, g.EqualMS = "refused", nil })
	add(func(g *Gesture) { g.Moves[0].Outcome = "rejected" }) // a masked conflict
	add(func(g *Gesture) { g.Name, g.Rival = "double", nil; g.Moves = append(g.Moves, g.Moves[0]) })
	add(func(g *Gesture) { g.Name, g.Rival, g.Moves = "slip", nil, nil })
	add(func(g *Gesture) { g.Slow, g.Toasts = true, []Toast{{Kind: "slow", Card: "17"}} })
	add(func(g *Gesture) { g.HeldMS, g.MoveMS = 100, ptr(9000.0) }) // waited for the scenario
	m.addFailure(1003, "it crashed")
	n := m.Numbers()
	got := []int{n.Gestures, n.Unsent, n.Unchecked, n.Lost.Count, n.Untold, n.Provoked, n.Conflicts.Count, n.Conflicts.Judged, n.Doubles.Made, n.Doubles.Once, n.Slow.Told, n.People, len(n.Failures)}
	if diff := cmp.Diff([]int{9, 1, 1, 1, 2, 7, 7, 6, 1, 0, 1, 2, 1}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if *n.Move.Worst != 80 {
		t.Errorf("a move that was held back counts as slow: %v ms", *n.Move.Worst)
	}
	if n.Outcomes["conflict"] != 8 || n.Outcomes["rejected"] != 1 {
		t.Errorf("outcomes %v", n.Outcomes)
	}
}
