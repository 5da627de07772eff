package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

var phantomFailure = Invariant{
	ID:        OCC11,
	Title:     "phantom failure",
	Statement: "An update that was answered 5xx has no effect. HTTP allows one; an optimistic client cannot live with it.",
	Why: "The client is told that its update failed and tries again: the retry loses against the client's own first attempt " +
		"and looks like a conflict with a rival that does not exist.",
	Fix: "Do everything that can fail before the commit, and nothing that can turn the answer into an error after it: log " +
		"or queue what comes later (metrics, notifications, a second read).",
	sentence: func(f *Anomaly) string {
		o := f.one(history.ServerError)
		if seen := f.sightOf(o); seen != nil {
			return fmt.Sprintf("%s from %s was answered %d, and yet it was applied: a read shows its marker with %s.",
				f.updateOf(), f.sentBy(o), o.HTTP, f.shownBy(seen))
		}
		from := o.Expected
		return fmt.Sprintf("%s from %s was answered with a server error, and yet it was applied: no other attempt can have made %s.",
			f.updateOf(), f.version(from), f.version(from+1))
	},
}

// findPhantomFailure looks whether row i can only have been made by an attempt that was
// answered 5xx. An attempt for another state than the version has, or one that
// began later, did not make it.
func (v *view) findPhantomFailure(t *tally, i int, p past, gap bool) {
	r := &v.row[i]
	by := v.latestInstall(i)
	if v.shared || gap || r.acked() || !p.needsOwner(by) {
		return
	}
	n := 0
	for _, m := range r.maybes {
		if m.start > by || r.status != 0 && m.status != 0 && m.status != r.status {
			continue
		}
		if !m.failed {
			return
		}
		n++
	}
	if n > 0 {
		r.failed = true
		v.reportOwned(t, suspect{id: OCC11, version: r.from, other: v.witnessOf(i), from: none, closed: true})
	}
}
