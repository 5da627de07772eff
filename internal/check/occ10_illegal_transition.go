package check

import "fmt"

var illegalTransition = Invariant{
	ID:        OCC10,
	Title:     "illegal transition",
	Statement: "Every change of state is a legal transition of the API.",
	Why:       "A record skips the work between two states, or leaves a final one.",
	Fix: "Put the legal sources of the new state into the conditional UPDATE (AND status IN (…)); a check on a state that " +
		"was read earlier is a race.",
	sentence: func(f *Anomaly) string {
		high := f.Tokens[len(f.Tokens)-1]
		if low := f.Tokens[0]; low+1 < high {
			return fmt.Sprintf("%s went from %s in %s to %s in %s, and the %s in between that can have been applied do not lead there.",
				capitalize(f.record()), f.statuses(low), f.version(low), f.statuses(high), f.version(high), f.words.Updates())
		}
		return fmt.Sprintf("%s went from %s in %s to %s in %s, which is not legal.",
			capitalize(f.record()), f.statuses(high-1), f.version(high-1), f.statuses(high), f.version(high))
	},
}

// isLeap reports whether the change from the row before i to row i is illegal.
// A version that shows two states proves nothing about the way.
func (v *view) isLeap(i int) bool {
	if !v.follows(i) {
		return false
	}
	before, r := &v.row[i-1], &v.row[i]
	return (before.flags|r.flags)&torn == 0 && before.dups == 0 && v.record.pool.states.illegal(before.status, r.status)
}
