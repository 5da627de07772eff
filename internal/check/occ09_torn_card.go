package check

import (
	"fmt"
	"slices"
)

// OCC09 is broken when one version shows two statuses.
const OCC09 ID = 9

var tornCard = Invariant{
	ID:        OCC09,
	Title:     "torn card",
	Statement: "One version has one status, everywhere it is seen: in the answer to the move that made it, on the board, in a 409.",
	Why:       "Version and status are read and written together or the version protects nothing: a move that was checked against one status is applied to another.",
	Fix: "Write status and version in one statement and read them in one statement; answer what was written, not what was asked for. " +
		"Look for a second writer that changes the status without the version.",
	sentence: func(f *Anomaly) string {
		at := f.Tokens[len(f.Tokens)-1]
		if n := len(f.Operations); n == 1 {
			o := &f.Operations[0]
			return fmt.Sprintf("A move of card %s to %q was confirmed with the status %q.", f.Record, o.Target, o.State)
		}
		if !slices.ContainsFunc(f.Operations, func(e Evidence) bool { return e.Token == at && e.State != f.Operations[len(f.Operations)-1].State }) {
			return fmt.Sprintf("Version %d of card %s shows %s, which no attempt that can have made it asked for.", at, f.Record, f.statuses(at))
		}
		return fmt.Sprintf("Version %d of card %s has two statuses: %s.", at, f.Record, f.statuses(at))
	},
}

// statuses looks at the status of row i, in itself and after the one before.
func (v *view) statuses(t *tally, i int, p past, gap bool) {
	r := &v.row[i]
	s := suspect{id: OCC09, version: r.from, other: r.from, from: none}
	if r.dups > 0 {
		return // two owners, two statuses: OCC-01 says why
	}
	leap := v.leaps(i)
	switch {
	case r.flags&(torn|toldTorn) != 0, r.told != 0 && r.status != 0 && r.told != r.status, r.flags&odd != 0 && !leap:
		v.status(t, s)
	case v.disowned(i, p, gap):
		s.closed, r.said = true, true
		v.status(t, s)
	case leap && !gap && (r.acked() || !v.shared && p.needsOwner(r.hi)):
		s.id, s.other, s.closed, r.said = OCC10, r.from-1, !r.acked(), true
		v.status(t, s)
	}
}

// disowned reports whether row i has a status that none of the attempts which
// can have made it asked for.
func (v *view) disowned(i int, p past, gap bool) bool {
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
