package check

import "fmt"

var staleRead = Invariant{
	ID:    OCC07,
	Title: "stale read",
	Statement: "A read is never older than what was acknowledged or seen before it began. The current token in a conflict " +
		"is a read.",
	Why: "Clients decide on what they read. A read from the past leads to conflicts without any rival, and a client that " +
		"has just updated a record does not find its own update.",
	Fix: "Read from where the writes go, or wait until the replica or cache has caught up with the acknowledged writes. Do " +
		"not cache reads, or invalidate the cache in the transaction of the update.",
	sentence: func(f *Anomaly) string {
		return fmt.Sprintf("%s was shown with %s after %s had been confirmed or seen: the read was out of date.",
			capitalize(f.record()), f.version(f.Tokens[0]), f.version(f.Tokens[len(f.Tokens)-1]))
	},
}

// findStaleReads looks for sights of row i after a later version was there, and names
// them: the later version never came to be (OCC-03), was there again afterwards
// (OCC-07), or was gone for good (OCC-08).
func (v *view) findStaleReads(t *tally, i int) {
	r := &v.row[i]
	if i+1 == len(v.row) || r.last <= v.row[i+1].hi {
		return
	}
	at := r.last
	b := v.row[i+1].witness
	id := OCC08
	switch {
	case v.isPhantom(b, at) && v.row[i+1].seen >= at:
		id = OCC03
	case v.row[i+1].again >= at || v.row[i+1].seen != never && v.row[i+1].seen >= at:
		id = OCC07
	}
	v.reportVersion(t, suspect{id: id, version: r.to, other: v.row[b].from, from: at})
}
