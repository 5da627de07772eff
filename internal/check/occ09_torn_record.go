package check

import (
	"fmt"
	"slices"
)

// OCC09 is broken when one version shows two states.
const OCC09 ID = 9

var tornRecord = Invariant{
	ID:        OCC09,
	Title:     "torn record",
	Statement: "One token has one state, everywhere it is seen: in the answer to the update that made it, in reads and lists, in a conflict.",
	Why: "Token and state are read and written together or the token protects nothing: an update that was checked against one state " +
		"is applied to another.",
	Fix: "Write state and version in one statement and read them in one statement; answer what was written, not what was asked for. " +
		"Look for a second writer that changes the state without the version.",
	sentence: func(f *Anomaly) string {
		at := f.Tokens[len(f.Tokens)-1]
		if n := len(f.Operations); n == 1 {
			o := &f.Operations[0]
			return fmt.Sprintf("%s to %q was confirmed with the state %q.", f.updateOf(), o.Target, o.State)
		}
		if !slices.ContainsFunc(
			f.Operations,
			func(e Evidence) bool { return e.Token == at && e.State != f.Operations[len(f.Operations)-1].State },
		) {
			return fmt.Sprintf(
				"%s of %s shows %s, which no attempt that can have made it asked for.",
				capital(f.version(at)),
				f.record(),
				f.statuses(at),
			)
		}
		return fmt.Sprintf("%s of %s has two states: %s.", capital(f.version(at)), f.record(), f.statuses(at))
	},
}

// states looks at the state of row i, in itself and after the one before.
func (v *view) findTorn(t *tally, i int, p past, gap bool) {
	r := &v.row[i]
	s := suspect{id: OCC09, version: r.from, other: r.from, from: none}
	if r.dups > 0 {
		return // two owners, two states: OCC-01 says why
	}
	leap := v.isLeap(i)
	switch {
	case r.flags&(torn|toldTorn) != 0, r.told != 0 && r.status != 0 && r.told != r.status, r.flags&odd != 0 && !leap:
		v.reportOwned(t, s)
	case v.isDisowned(i, p, gap):
		s.closed, r.said = true, true
		v.reportOwned(t, s)
	case leap && !gap && (r.acked() || !v.shared && p.needsOwner(r.hi)):
		s.id, s.other, s.closed, r.said = OCC10, r.from-1, !r.acked(), true
		v.reportOwned(t, s)
	}
}

// isDisowned reports whether row i has a state that none of the attempts which
// can have made it asked for.
func (v *view) isDisowned(i int, p past, gap bool) bool {
	r := &v.row[i]
	if v.shared || gap || r.acked() || r.status == 0 || !p.needsOwner(r.hi) {
		return false
	}
	for _, m := range r.maybes {
		if m.start <= r.hi && (m.status == 0 || m.status == r.status) {
			return false
		}
	}
	return true
}
