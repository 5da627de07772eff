package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

var lostUpdate = Invariant{
	ID:    OCC01,
	Title: "lost update",
	Statement: "A token has one acknowledged successor: of all updates that name the same token of a record, at most one is " +
		"confirmed, and no other is seen to have been applied.",
	Why: "Two clients were both told that their update of the same record was done, and only one of the updates is there. " +
		"The other is gone, and no client can notice.",
	Fix: "Put the version into the WHERE clause of the UPDATE itself (WHERE id = :id AND version = :expected), answer a " +
		"conflict when no row was changed, and never retry a conflict on the client's behalf. A SELECT that compares versions " +
		"before an UPDATE without the version protects nothing.",
	sentence: func(f *Anomaly) string {
		n := f.count(history.Applied)
		if n == 2 {
			return fmt.Sprintf("Two %s were both confirmed although both started from %s, so one was overwritten.",
				f.updatesOf(), f.version(f.Tokens[0]-1))
		}
		if n > 2 {
			return fmt.Sprintf("%d %s were all confirmed although each of them started from %s: all but one are lost.",
				n, f.updatesOf(), f.version(f.Tokens[0]-1))
		}
		if n := f.count(history.Applied) + f.count(history.NoAnswer) + f.count(history.ServerError) + f.count(history.Malformed); n > 1 {
			return fmt.Sprintf("%d %s were all applied, as their markers show, although each of them started from %s: all but one are "+
				"lost.",
				n, f.updatesOf(), f.version(f.Tokens[0]-1))
		}
		return fmt.Sprintf("%s from %s was confirmed although %s was there before it was sent: it overwrote another %s.",
			f.updateOf(), f.version(f.Tokens[0]-1), f.version(f.Tokens[0]), f.words.Change())
	},
}

// findLostUpdate looks for a second owner of row i: a second acknowledgement, or an
// acknowledged update that began after the version was there.
//
// Where an older version was still seen after the first acknowledgement, that one
// had no effect (OCC-03) or versions went back (OCC-08), and the second is the
// consequence. Counter-example: A updates 3→4 and is told 200, B then reads 3 and
// updates 3→4. B lost nothing; A did, before B came.
func (v *view) findLostUpdate(t *tally, i int, p past) {
	r := &v.row[i]
	if !r.acked() {
		return
	}
	s := suspect{id: OCC01, version: r.from, other: r.from, from: none}
	if r.dups > 0 {
		v.bad, v.sure = true, true
		if p.ever <= r.ownEnd {
			v.reportVersion(t, s)
			t.count[OCC01] += int64(r.dups) - 1
		}
	} else if r.own > r.hi && p.ever <= r.hi {
		s.other = v.witnessOf(i)
		v.reportVersion(t, s)
	}
}
