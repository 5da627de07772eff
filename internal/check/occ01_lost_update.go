package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

// OCC01 is broken when a version has two owners.
const OCC01 ID = 1

var lostUpdate = Invariant{
	ID:        OCC01,
	Title:     "lost update",
	Statement: "A version has one acknowledged owner: of all moves that expect version e, at most one is answered 200.",
	Why: "Two people were both told that their move of the same card was done, and only one of them is right. " +
		"The other's work is gone without a word.",
	Fix: "Put the version into the WHERE clause of the UPDATE itself (WHERE id = :id AND version = :expected), answer 409 when no row was changed, " +
		"and never retry a conflict on the client's behalf. A SELECT that compares versions before an UPDATE without the version protects nothing.",
	sentence: func(f *Anomaly) string {
		if n := f.count(history.Applied); n > 1 {
			return fmt.Sprintf("%d moves of card %s were all confirmed although each of them started from version %d: all but one are lost.",
				n, f.Record, f.Tokens[0]-1)
		}
		return fmt.Sprintf("A move of card %s from version %d was confirmed although version %d had already been there before it was sent: it overwrote somebody's move.",
			f.Record, f.Tokens[0]-1, f.Tokens[0])
	},
}

// overtaken looks for a second owner of row i: a second acknowledgement, or an
// acknowledged move that began after the version was there.
//
// Where somebody still saw an older version after the first acknowledgement,
// that one had no effect (OCC-03) or versions went back (OCC-08), and the second
// is the consequence. Counter-example: A moves 3→4 and is told 200, B then reads
// 3 and moves 3→4. B lost nothing; A did, before B came.
func (v *view) overtaken(t *tally, i int, p past) {
	r := &v.row[i]
	if !r.acked() {
		return
	}
	s := suspect{id: OCC01, version: r.from, other: r.from, from: none}
	if r.dups > 0 {
		v.bad, v.sure = true, true
		if p.ever <= r.ownEnd {
			v.version(t, s)
			t.count[OCC01] += int64(r.dups) - 1
		}
	} else if r.own > r.hi && p.ever <= r.hi {
		s.other = v.witness(i)
		v.version(t, s)
	}
}

// witness returns the version whose sight or acknowledgement gives row i its
// upper bound.
func (v *view) witness(i int) int64 { return v.row[v.row[i].witness].from }
