package check

import (
	"cmp"
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

// OCC12 is broken when an answer lacks what the contract promises.
const OCC12 ID = 12

var malformedAnswer = Invariant{
	ID:        OCC12,
	Title:     "malformed answer",
	Statement: "Answers carry what the contract promises: a 200 to a move has the new version and status, a board has cards with theirs.",
	Why:       "A client without the new version cannot move the card again without a refetch, and does not know whether its move was applied.",
	Fix:       "Answer {\"ok\": true, \"data\": {appointment_id, status, position, version, updated_at}} with the version as an integer, on every path that answers 2xx.",
	sentence: func(f *Finding) string {
		o := &f.Operations[0]
		if f.count(history.Conflict) > 0 {
			return f.toldWrong()
		}
		if o.Kind == history.Move {
			return fmt.Sprintf("A move of card %s from version %d was answered %d without the promised fields.", f.Card, o.Expected, o.HTTP)
		}
		return fmt.Sprintf("A read of the board was answered %d without the promised fields.", o.HTTP)
	},
}

// toldWrong is the sentence about a 409 whose body does not fit with the rest.
func (f *Finding) toldWrong() string {
	o := f.one(history.Conflict)
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Outcome == history.Conflict && e.Version >= 0 && e.Version == f.Versions[0] {
			o = e
		}
	}
	return fmt.Sprintf("A 409 to a move of card %s from version %d tells that version %d with the status %s is the current one, which it was at no moment of the call.",
		f.Card, o.Expected, o.Version, cmp.Or(o.Status, "unknown"))
}

func (c *Checker) malformed(o *history.Op, line int) {
	c.tally.add(suspect{id: OCC12, card: o.Card, version: o.Expected + 1, other: o.Expected, from: none, line: line})
}
