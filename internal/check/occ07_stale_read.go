package check

import "fmt"

// OCC07 is broken when a read shows the past.
const OCC07 ID = 7

var staleRead = Invariant{
	ID:        OCC07,
	Title:     "stale read",
	Statement: "A read is never older than what was acknowledged, or seen by anybody, before it began. A 409's current version is a read.",
	Why: "Operators decide on what the board shows. A board from the past produces conflicts that are nobody's fault, and a client that has just moved a " +
		"card does not find its own move.",
	Fix: "Read from where the writes go, or wait until the replica or cache has caught up with the acknowledged writes. " +
		"Do not cache the board, or invalidate it in the transaction that moves a card.",
	sentence: func(f *Anomaly) string {
		return fmt.Sprintf("Card %s was shown with version %d after version %d had already been confirmed or seen: the view was out of date.",
			f.Record, f.Tokens[0], f.Tokens[len(f.Tokens)-1])
	},
}

// older looks for sights of row i after a later version was there, and names
// them: the later version never came to be (OCC-03), was there again afterwards
// (OCC-07), or was gone for good (OCC-08).
func (v *view) older(t *tally, i int) {
	r := &v.row[i]
	if i+1 == len(v.row) || r.last <= v.row[i+1].hi {
		return
	}
	at := r.last
	b := v.row[i+1].witness
	id := OCC08
	switch {
	case v.phantom(b, at) && v.row[i+1].seen >= at:
		id = OCC03
	case v.row[i+1].again >= at || v.row[i+1].seen != never && v.row[i+1].seen >= at:
		id = OCC07
	}
	v.version(t, suspect{id: id, version: r.to, other: v.row[b].from, from: at})
}
