package check

import "fmt"

// OCC04 is broken when a refused move is applied.
const OCC04 ID = 4

var dirtyRefusal = Invariant{
	ID:        OCC04,
	Title:     "dirty refusal",
	Statement: "A move that was refused (409, or any other 4xx) has no effect.",
	Why:       "The operator is told that the move was refused and repeats it, or undoes what somebody seems to have done: the card moves twice.",
	Fix: "Decide and write in one statement, and roll the transaction back on every path that answers with an error. " +
		"Look for an UPDATE that runs before the check, or for an answer that is chosen after the commit. " +
		"Where the refusal is a 409 that shows the expected version + 1 and the wished status, look between client and server first: " +
		"a proxy, a gateway or an SDK that sends a POST again after a lost answer meets its own first attempt; switch its retries of POST off.",
	sentence: func(f *Anomaly) string {
		return fmt.Sprintf("Card %s got version %d although the only attempt to move it on from version %d was refused: the refusal was a lie.",
			f.Record, f.Tokens[0], f.Tokens[0]-1)
	},
}

// ownerless looks for a version that is there although nobody can have made
// it, and reports whether row i is one.
func (v *view) ownerless(t *tally, i int, p past) bool {
	r := &v.row[i]
	if r.acked() || !p.needsOwner(r.hi) {
		return false
	}
	if len(r.maybes) > 0 && r.maybes[0].start <= r.hi {
		return false
	}
	if v.shared {
		t.foreigners(1)
		return true
	}
	v.bad = true
	t.gap(suspect{card: v.card.id, version: r.from, other: v.witness(i), from: none, closed: true}, v.story(i))
	return true
}

// story tells how row i, which nobody made, may have come to be.
func (v *view) story(i int) story {
	r := &v.row[i]
	switch {
	case r.refused == 0, r.status != 0 && r.refused&bit(r.status) == 0:
		return unasked
	case r.up == never || !v.follows(i) || v.row[i-1].by() == never:
		return unseen
	}
	return disputed
}
