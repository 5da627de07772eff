package check

import "fmt"

var phantomSuccess = Invariant{
	ID:        OCC03,
	Title:     "phantom success",
	Statement: "A confirmed update is seen by every later read and by the final audit.",
	Why:       "The client was told that its update was done and went on. It never was.",
	Fix: "Confirm an update only after the commit has succeeded and the UPDATE has changed exactly one row; check both " +
		"results. Look for a rolled-back transaction, a swallowed commit error, or a write to a store that readers do not " +
		"read.",
	sentence: func(f *Anomaly) string {
		return fmt.Sprintf("%s to %s was confirmed, but later reads still found %s: nothing had been written.",
			f.updateOf(), f.version(f.Tokens[len(f.Tokens)-1]), f.version(f.Tokens[0]))
	},
}

// isPhantom reports whether the update that made row j was acknowledged and yet
// never had an effect, given that an older version was seen from the instant
// from on. A version that was seen all the same may be the work of a later
// attempt at the same number; only where there is none the acknowledged update
// was real and the sight of the older version was wrong.
func (v *view) isPhantom(j int, from int64) bool {
	r := &v.row[j]
	if r.seen < from || r.ownEnd >= from {
		return false
	}
	return r.seen == never || r.dups > 0 || len(r.maybes) > 0
}
