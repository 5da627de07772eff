package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

var versionSkew = Invariant{
	ID:        OCC02,
	Title:     "version skew",
	Statement: "A confirmed update answers its own new token: from version e it is e+1.",
	Why: "The client takes the answered token for the state that it made. With the token of another update, its next update " +
		"overwrites a change that it never read.",
	Fix: "Raise the version by exactly one in the conditional UPDATE and answer what that same statement returns (RETURNING " +
		"version). A SELECT after the commit may read the version of another update.",
	sentence: func(f *Anomaly) string {
		o := f.one(history.Applied)
		switch {
		case f.opaque && o.ExpectedText == o.TokenText:
			return fmt.Sprintf("%s from %s was confirmed with the same token, although it changed the content.", f.updateOf(), f.sentBy(o))
		case f.opaque:
			return fmt.Sprintf("%s from %s was confirmed with %s, which is the token of another content.", f.updateOf(), f.sentBy(o),
				f.shownBy(o))
		}
		return fmt.Sprintf("%s from %s was confirmed with %s instead of %s.",
			f.updateOf(), f.version(o.Expected), f.version(o.Token), f.version(o.Expected+1))
	},
}

// maxSkews bounds what is kept of them per record; the rest is only counted.
const maxSkews = 1 << 12

// addSkew takes such an acknowledgement. What it says is still used, so that one
// fault is not reported as many: its version was there.
func (k *record) addSkew(o *history.Op, line int) {
	if len(k.skewed) < maxSkews {
		k.skewed = append(k.skewed, skew{o.Expected, o.Token, o.Start, line})
	} else {
		k.pool.tally.count[OCC02]++
	}
	k.boundsOf(o.Expected + 1)
	k.addSight(o.Token, o.Start, o.End, "")
}

// findSkews names them: beside another acknowledgement from the same version it is a
// lost update, below its own version a regression. Where the version did not
// rise, it is no wonder that another update from it succeeded.
func (v *view) findSkews(t *tally) {
	first := make(map[int64]bool)
	for _, s := range v.record.skewed {
		found := suspect{id: OCC02, version: s.expected + 1, other: s.expected + 1, from: none, line: s.line}
		i, ok := v.find(s.expected + 1)
		switch {
		case s.version < s.expected:
			found.id, found.version, found.other, found.from = OCC08, s.version, s.expected, 0
		case s.version > s.expected && (ok && v.row[i].acked() || first[s.expected]):
			found.id = OCC01
		}
		first[s.expected] = true
		v.reportVersion(t, found)
	}
}
