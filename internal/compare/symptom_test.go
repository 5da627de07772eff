package compare

import (
	"testing"

	"github.com/occbench/occbench/internal/gate"
)

// A conflict rate that falls is an improvement only on a server that keeps every
// invariant.
func TestVanishedConflictsAreASymptom(t *testing.T) {
	for _, tt := range []struct {
		broken bool
		group  Group
		name   string
		want   Verdict
	}{
		{true, Gates, gate.ConflictRate, NoChange},
		{false, Gates, gate.ConflictRate, Better},
		{true, Gates, gate.P95, Better},
	} {
		l := &Line{Group: tt.group, Name: tt.name, Verdict: Better}
		excuseSymptoms([]*Line{l}, tt.broken)
		if l.Verdict != tt.want || (l.Reason == "") != (tt.want == Better) {
			t.Errorf("%s, broken %v: %s (%s), want %s", tt.name, tt.broken, l.Verdict, l.Reason, tt.want)
		}
	}
}
