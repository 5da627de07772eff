package measure

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// turn is how one intent fared. Only turns with a conflict matter here.
type turn struct {
	attempts  int
	conflicts int
	target    string // what the turn wished for when it met its first conflict
	first     int64  // when the first conflict was answered, ns
	end       fate
	at        int64  // when the intent was reached, ns
	last      string // the record's status that the latest refetch saw, unless an update followed
	warm      bool
}

// fate is how the intent of a turn with a conflict was reached, if it was.
type fate uint8

const (
	open fate = iota
	retried
	found
)

// update follows an attempt, second clicks excepted. A retry that updated the record
// recovers the turn also when it asks for another status: wanted in_progress,
// the record is found ready, and going forward the work goes on from there.
func (t *turn) update(op *history.Op) {
	t.attempts++
	t.last = ""
	switch {
	case op.Outcome == history.Conflict:
		if t.conflicts == 0 {
			t.target, t.first, t.warm = op.Target, op.End, op.Flags&history.Warmup != 0
		}
		t.conflicts++
	case op.Outcome == history.Applied && t.isPending():
		t.end, t.at = retried, op.End
	}
}

// read follows the refetch after a conflict.
func (t *turn) read(op *history.Op) {
	if !t.isPending() || op.Outcome != history.Seen {
		return
	}
	t.last = op.State
	if op.State == t.target && t.target != "" { // without states only a retry fulfils the wish
		t.end, t.at = found, op.End
	}
}

// isPending reports whether a conflict waits to be recovered from.
func (t *turn) isPending() bool { return t.conflicts > 0 && t.end == open }

// takeBackConflict takes back the last conflict: a second click of the same attempt won.
func (t *turn) takeBackConflict() {
	if t.conflicts > 0 {
		t.conflicts--
	}
}

// isOvertaken reports whether the intent cannot be reached any more: another
// operator took the record where the wished update is not legal. An operator wants a
// record ready → in_progress, another completes it first; there is nothing to
// retry, and that is no fault.
func (t *turn) isOvertaken(states *api.States) bool {
	return t.last != "" && len(states.Names) > 0 && !states.IsLegal(t.last, t.target)
}
