package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/internal/validity"
)

func TestUX(t *testing.T) {
	flawless := func() *ux.Numbers {
		return &ux.Numbers{Gestures: 50, Provoked: 34, Conflicts: ux.Conflicts{Count: 36, Provoked: 34, Judged: 36, Recovered: 36}}
	}
	with := func(change func(*ux.Numbers)) *ux.Numbers {
		n := flawless()
		change(n)
		return n
	}
	cases := []struct {
		name   string
		seen   *ux.Numbers
		want   Result
		reason string
	}{
		{"every conflict recovered", flawless(), Pass, "36 of 36, 34 of them provoked; 0 records lost"},
		{"one of 36 not recovered", with(func(n *ux.Numbers) { n.Conflicts.Recovered, n.Conflicts.First = 35, "record 9 is late" }), Fail, "1 conflict not recovered from on the screen; the first: record 9 is late"},
		{"a lost record", with(func(n *ux.Numbers) { n.Lost = ux.Defects{Count: 1, First: "record 9 is gone"} }), Fail, "1 record lost on the screen; the first: record 9 is gone"},
		{"duplicates", with(func(n *ux.Numbers) { n.Duplicated = ux.Defects{Count: 2, First: "record 9 is there twice"} }), Fail, "2 records duplicated"},
		{"a wrong rollback", with(func(n *ux.Numbers) { n.Rollbacks = ux.Defects{Count: 1, First: "x"} }), Fail, "1 wrong rollback"},
		{"an update that never ended", with(func(n *ux.Numbers) { n.Unsettled = ux.Defects{Count: 1, First: "x"} }), Fail, "1 update that never ended"},
		{"a fault counts also without a conflict", &ux.Numbers{Gestures: 3, Lost: ux.Defects{Count: 1, First: "x"}}, Fail, "1 record lost"},
		{"a browser that could not go on", with(func(n *ux.Numbers) { n.Failures = []string{"the browser of person 1003: it crashed"} }), Inconclusive, "it crashed"},
		{"no conflict", &ux.Numbers{Gestures: 50}, Inconclusive, "not exercised: none of 50 updates"},
		{"no update", &ux.Numbers{}, Inconclusive, "not exercised: no update was made"},
		{"conflicts that the server masks", &ux.Numbers{Gestures: 50, Provoked: 30}, Inconclusive, "30 updates were overtaken on purpose, and the server called none of them a conflict"},
		{"a server that cannot be read", &ux.Numbers{Gestures: 5, Conflicts: ux.Conflicts{Count: 3}}, Inconclusive, "after none of 3 conflicts"},
		{"nothing noted", nil, Inconclusive, "no data"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := judgeUX(Default(), Evidence{UX: &Screens{Numbers: c.seen}})
			if g.Verdict != c.want || !strings.Contains(g.Reason.String(), c.reason) {
				t.Errorf("%s: %s, want %s: …%s…", g.Verdict, g.Reason, c.want, c.reason)
			}
		})
	}
}

// A machine that is late makes a screen late, but it loses no record.
func TestUXOnABusyMachine(t *testing.T) {
	busy := &validity.Report{Lines: []validity.Line{{Name: "timers", Why: reason.FromText("updates were late"), Doubts: []string{P95}}}}
	late := Evidence{Validity: busy, UX: &Screens{Numbers: &ux.Numbers{Gestures: 2, Conflicts: ux.Conflicts{Count: 2, Judged: 2, Recovered: 1}}}}
	if g := judgeUX(Default(), late); g.Verdict != Inconclusive || !strings.Contains(g.Reason.String(), "timers: updates were late") {
		t.Errorf("%s: %s", g.Verdict, g.Reason)
	}
	late.UX.Numbers.Lost = ux.Defects{Count: 1, First: "record 9 is gone"}
	if g := judgeUX(Default(), late); g.Verdict != Fail {
		t.Errorf("%s: %s", g.Verdict, g.Reason)
	}
}

func TestUXIsAskedOfBrowsersAlone(t *testing.T) {
	asked := func(e Evidence) bool {
		return slices.ContainsFunc(Judge(Default(), e).Gates, func(g Gate) bool { return g.Name == UX })
	}
	if asked(Evidence{}) {
		t.Error("a run without a browser has a gate for what browsers saw")
	}
	if !asked(Evidence{UX: &Screens{}}) {
		t.Error("a run with browsers has no gate for what they saw")
	}
}

// A run that was cut short may not have met the conflict that breaks the page,
// but one that it met counts.
func TestUXOfAPartialRun(t *testing.T) {
	partial := Evidence{Run: Facts{Interrupted: "an interrupt signal"}, UX: &Screens{Numbers: &ux.Numbers{
		Gestures: 1, Conflicts: ux.Conflicts{Count: 1, Judged: 1, Recovered: 1},
	}}}
	if g := judgeUX(Default(), partial); g.Verdict != Inconclusive || !strings.Contains(g.Reason.String(), "partial") {
		t.Errorf("%s: %s", g.Verdict, g.Reason)
	}
	partial.UX.Numbers.Conflicts.Recovered = 0
	if g := judgeUX(Default(), partial); g.Verdict != Fail {
		t.Errorf("%s: %s", g.Verdict, g.Reason)
	}
}
