package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

var dirtyRefusal = Invariant{
	ID:        OCC04,
	Title:     "dirty refusal",
	Statement: "A refused update (a conflict, or any other 4xx) has no effect.",
	Why: "The client is told that its update was refused and repeats it, or undoes what seems to be the work of another: " +
		"the record changes twice.",
	Fix: "Decide and write in one statement, and roll the transaction back on every path that answers with an error. Look " +
		"for an UPDATE that runs before the check, or for an answer that is chosen after the commit. Where the refusal is a " +
		"conflict that shows the expected version + 1 and the wished state, look between client and server first: a proxy, a " +
		"gateway or an SDK that sends a POST again after a lost answer meets its own first attempt; switch its retries of " +
		"POST off.",
	sentence: func(f *Anomaly) string {
		for i := range f.Operations {
			o := &f.Operations[i]
			if seen := f.sightOf(o); o.Kind == history.Update && seen != nil {
				return fmt.Sprintf("%s from %s was answered %d, and yet it was applied: a read shows its marker with %s.",
					f.updateOf(), f.sentBy(o), o.HTTP, f.shownBy(seen))
			}
		}
		return fmt.Sprintf("%s got %s although the only %s from %s was refused: the refused attempt was applied all the same.",
			capitalize(f.record()), f.version(f.Tokens[0]), f.words.Change(), f.version(f.Tokens[0]-1))
	},
}

// findOwnerless looks for a version that is there although no attempt can have made
// it, and reports whether row i is one.
func (v *view) findOwnerless(t *tally, i int, p past) bool {
	r := &v.row[i]
	if r.acked() || !p.needsOwner(r.hi) {
		return false
	}
	if len(r.maybes) > 0 && r.maybes[0].start <= r.hi {
		return false
	}
	if v.shared {
		t.countForeign(1)
		return true
	}
	v.bad = true
	t.addGap(suspect{record: v.record.id, version: r.from, other: v.witnessOf(i), from: none, closed: true}, v.storyOf(i))
	return true
}

// storyOf tells how row i, which no attempt made, may have come to be.
func (v *view) storyOf(i int) story {
	r := &v.row[i]
	switch {
	case r.refused == 0, r.status != 0 && r.refused&(bit(r.status)|anyTarget) == 0:
		return unasked
	case r.up == never || !v.follows(i) || v.row[i-1].knownBy() == never:
		return unseen
	}
	return disputed
}
