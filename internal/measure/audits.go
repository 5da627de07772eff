package measure

import "github.com/occbench/occbench/internal/history"

// audits follows the readings of the whole list. All lines of one audit have
// the same start. The first audit stands before every turn, the last after
// every turn; what was read in between is neither.
type audits struct {
	first, now Audit
	start      int64
	turns      bool
}

func (a *audits) add(op *history.Op) {
	if !a.now.Present || op.Start != a.start {
		a.now, a.start = Audit{Present: true, AtS: toSeconds(op.Start)}, op.Start
	}
	if op.Outcome == history.Seen && !op.ListFault() {
		a.now.Records++
	} else {
		a.now.Failed++
	}
	if !a.turns && (!a.first.Present || a.first.AtS == a.now.AtS) {
		a.first = a.now
	}
}

// noteTurn notes an operation of an operator: an audit before it is not the last.
func (a *audits) noteTurn() {
	a.turns = true
	a.now = Audit{}
}

// numbers returns both audits. One single audit of a run without turns is its
// first: nothing came before it.
func (a *audits) numbers() Audits {
	last := a.now
	if !a.turns && last.AtS == a.first.AtS {
		last = Audit{}
	}
	return Audits{First: a.first.withOK(), Last: last.withOK()}
}

func (a Audit) withOK() Audit {
	a.OK = a.Present && a.Failed == 0 && a.Records > 0
	return a
}
