package occ

import (
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// A browser sends a request again, by itself and unseen, when a connection that
// it kept open breaks before the answer. The first sending may have had its
// effect, and then the second is refused for the page's own move: on record
// stood a refusal and a version without an author, and the server was accused.
// So such a refusal is recorded with a move beside it that was never answered.

// findRepeated returns the operation of the first sending, which was never answered; false where
// the refusal cannot be for the page's own move.
func (d *desk) findRepeated(m *sentMove, a client.Answer, op history.Op) (history.Op, bool) {
	own := a.Outcome == history.Conflict && (a.Token == history.None || a.Token > m.Expected) ||
		a.Outcome == history.Rejected && string(a.State) == m.Target
	if !own || d.run.recording.owners.has(m.Record, m.Expected+1) {
		return op, false
	}
	op.Outcome, op.HTTP, op.End = history.NoAnswer, 0, history.None
	op.Token, op.State = history.None, ""
	op.Flags |= history.Double // it overlaps the one that was answered
	return op, true
}
