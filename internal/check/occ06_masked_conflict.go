package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

// OCC06 is broken when a stale attempt gets another refusal than 409.
const OCC06 ID = 6

var maskedConflict = Invariant{
	ID:        OCC06,
	Title:     "masked conflict",
	Statement: "A stale attempt is refused with 409 version_conflict and with no other code.",
	Why: "A client recovers from a 409 by refetching. It cannot recover from \"invalid\": the operator sees a fault where there was only a colleague, " +
		"and the conflict rate looks better than it is.",
	Fix: "Check the version before the transition, on the same row: when no row was changed, one SELECT tells 404, then 409, then 422, in this order.",
	sentence: func(f *Finding) string {
		o := f.one(history.Rejected)
		return fmt.Sprintf("A move of card %s from version %d, which was stale before the move was sent, was answered %d instead of 409.",
			f.Card, o.Expected, o.HTTP)
	},
}

// hidesConflict reports whether a 4xx is a judgement of the request by the
// application. Others (401, 408, 413, 429 …) may come before anybody has looked
// at the version, and a 409 with another code is a 409.
func hidesConflict(o *history.Op) bool {
	if o.Outcome != history.Rejected {
		return false
	}
	switch o.HTTP {
	case 400, 404, 410, 412, 422:
		return true
	}
	return false
}

// masked takes a refusal whose version is known to be stale already.
func (c *Checker) masked(k *card, o *history.Op, line int) {
	c.tally.add(suspect{id: OCC06, card: k.id, version: o.Expected + 1, other: o.Expected + 1, from: none, line: line})
}

// rejects looks at the refusals whose version only later lines show stale.
func (v *view) rejects(t *tally) {
	for expected, start := range v.card.rejects {
		if i, _ := v.find(expected + 1); i < len(v.row) && v.row[i].hi < start {
			t.add(suspect{id: OCC06, card: v.card.id, version: expected + 1, other: v.witness(i), from: none})
		}
	}
}
