package alarms

import (
	"strings"
	"testing"
)

// observedFrom reads the notation of the user guide: the oldest first, 0 fine,
// X breaching, - missing.
func observedFrom(text string) observed {
	marks := strings.Fields(text)
	o := make(observed, len(marks))
	for i, m := range marks {
		o[len(marks)-1-i] = map[string]observation{"-": absent, "0": fine, "X": bad}[m]
	}
	return o
}

// The rows and their states are those of the tables in the CloudWatch user
// guide, "Configuring how CloudWatch alarms treat missing data", and of its
// section on premature transitions. "" means that the state is retained.
func TestDecideAsInTheUserGuide(t *testing.T) {
	const ok, alarm, none = StateOK, StateAlarm, StateInsufficient
	for _, c := range []struct {
		points                                   string
		needed                                   int
		missing, ignore, breaching, notBreaching string
	}{
		{"0 - X - X", 3, ok, ok, ok, ok},
		{"- - - - 0", 3, ok, ok, ok, ok},
		{"- - - - -", 3, none, "", alarm, ok},
		{"0 X X - X", 3, alarm, alarm, alarm, alarm},
		{"- - X - -", 3, alarm, "", alarm, ok},
		{"0 - X - X", 2, alarm, alarm, alarm, alarm},
		{"0 0 X 0 X", 2, alarm, alarm, alarm, alarm},
		{"0 - X - -", 2, ok, ok, alarm, ok},
		{"- - - - 0", 2, ok, ok, alarm, ok},
		{"- - - X -", 2, alarm, "", alarm, ok},
		{"- - - - X", 3, ok, "", alarm, ok},
		{"- - - X -", 3, ok, "", alarm, ok},
		{"- - - X 0", 3, ok, ok, ok, ok},
	} {
		got := [4]string{}
		for i, policy := range MissingPolicies {
			got[i] = decideState(observedFrom(c.points), 3, c.needed, policy)
		}
		if want := [4]string{c.missing, c.ignore, c.breaching, c.notBreaching}; got != want {
			t.Errorf("%s, %d out of 3: %q, want %q", c.points, c.needed, got, want)
		}
	}
}
