package check

import "fmt"

// OCC10 is broken when a card jumps.
const OCC10 ID = 10

var illegalTransition = Invariant{
	ID:        OCC10,
	Title:     "illegal transition",
	Statement: "Every change of status is one that the contract allows.",
	Why:       "A car that was never worked on is handed out as completed; a completed order comes back to life.",
	Fix:       "Put the legal sources of the new status into the conditional UPDATE (AND status IN (…)); a check on a status that was read earlier is a race.",
	sentence: func(f *Anomaly) string {
		high := f.Tokens[len(f.Tokens)-1]
		if low := f.Tokens[0]; low+1 < high {
			return fmt.Sprintf("Card %s went from %s in version %d to %s in version %d, and the moves in between that can have been applied do not lead there.",
				f.Record, f.statuses(low), low, f.statuses(high), high)
		}
		return fmt.Sprintf("Card %s went from %s in version %d to %s in version %d, which the contract does not allow.",
			f.Record, f.statuses(high-1), high-1, f.statuses(high), high)
	},
}

// leaps reports whether the change from the row before i to row i is illegal.
// A version that shows two statuses proves nothing about the way.
func (v *view) leaps(i int) bool {
	if !v.follows(i) {
		return false
	}
	before, r := &v.row[i-1], &v.row[i]
	return (before.flags|r.flags)&torn == 0 && before.dups == 0 && illegal(before.status, r.status)
}
