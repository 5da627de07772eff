package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

// trust holds what the proofs rest on: one clock that does not go back,
// operators that do one thing at a time, and a look at the records before the
// first and after the last turn. The first flaw of each kind is kept in words.
type trust struct {
	clock, overlap string

	begin, end   int64 // earliest start and latest instant of a turn
	first, final int64 // earliest end and latest start of an audit
	moves        int64

	free  []int64         // by operator: when the last operation ended
	other map[int32]int64 // the same for implausible operator numbers
}

// maxOperator bounds the slice of operators.
const maxOperator = 1 << 16

func newTrust() trust {
	return trust{begin: never, end: none, first: never, final: none}
}

func (t *trust) add(o *history.Op, line int) {
	end := o.Start
	if o.Answered() {
		end = o.End
	}
	if (o.Start < 0 || end < o.Start) && t.clock == "" {
		t.clock = fmt.Sprintf("the clock went back: the operation in line %d begins at %d ns and ends at %d ns", line, o.Start, end)
	}
	if o.Kind == history.Audit {
		if o.Outcome == history.Seen || o.Outcome == history.Absent {
			t.first, t.final = min(t.first, end), max(t.final, o.Start)
		}
		return
	}
	if o.Kind == history.Update {
		t.moves++
	}
	t.begin, t.end = min(t.begin, o.Start), max(t.end, end)
	if o.Flags&history.Double == 0 && !o.ListFault() {
		t.checkOverlap(o, end, line)
	}
}

// checkOverlap checks that an operator has finished one operation before the next. A
// second click is meant to overlap, and what a list got wrong stands in lines
// with the same times.
func (t *trust) checkOverlap(o *history.Op, end int64, line int) {
	free := t.freeSlot(o.Operator)
	if o.Start < *free && t.overlap == "" {
		t.overlap = fmt.Sprintf(
			"operations of operator %d overlap: the one in line %d begins at %d ns, before the one recorded earlier ends at %d ns",
			o.Operator,
			line,
			o.Start,
			*free,
		)
	}
	*free = max(*free, end)
	if o.Operator < 0 || o.Operator >= maxOperator {
		t.other[o.Operator] = *free
	}
}

func (t *trust) freeSlot(operator int32) *int64 {
	if operator < 0 || operator >= maxOperator {
		if t.other == nil {
			t.other = make(map[int32]int64)
		}
		free := t.other[operator]
		return &free
	}
	for int(operator) >= len(t.free) {
		t.free = append(t.free, 0)
	}
	return &t.free[operator]
}

// isSound reports whether the times can be believed.
func (t *trust) isSound() bool { return t.clock == "" && t.overlap == "" }

func (t *trust) missingAudits(none bool) []string {
	switch {
	case t.moves == 0:
		return []string{"no update was recorded"}
	case none:
		return nil
	}
	var why []string
	if t.first > t.begin {
		why = append(why, "there is no audit before the first turn")
	}
	if t.final < t.end {
		why = append(why, "there is no audit after the last turn: the history ends too early")
	}
	return why
}
