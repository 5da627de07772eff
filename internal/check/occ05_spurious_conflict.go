package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

var spuriousConflict = Invariant{
	ID:        OCC05,
	Title:     "spurious conflict",
	Statement: "A conflict is only answered when the token was stale at some moment of the call.",
	Why: "The client is told that another one was faster when none was. Clients refetch and retry for nothing, and the real " +
		"error behind it (a deadlock, a lost connection) is counted as contention and never looked at.",
	Fix: "Answer a conflict only when a SELECT after the failed UPDATE shows another version than the expected one. " +
		"Database errors are 5xx; a deadlock is retried once and then answered 503.",
	sentence: func(f *Anomaly) string {
		for i := range f.Operations {
			if o := &f.Operations[i]; o.Outcome == history.Conflict && o.Token == o.Expected {
				return fmt.Sprintf(
					"%s was refused because %s was stale, in an answer that names it as the current one.",
					f.updateOf(),
					f.version(o.Expected),
				)
			}
		}
		stale := fmt.Sprintf("%s was refused because %s was stale, although ", f.updateOf(), f.version(f.one(history.Conflict).Expected))
		switch {
		case f.count(history.Conflict) > 1:
			return fmt.Sprintf(
				"%d %s were refused because their versions were stale, and they cannot all have been.",
				f.count(history.Conflict),
				f.updatesOf(),
			)
		case f.Closed:
			return stale + "no other update can have been applied by then."
		}
		return stale + "it was the current version throughout the call."
	},
}

// findSpurious looks at the conflicts that say that row i was installed. Where others
// say so too the refusal was right; it is wrong where the version before was
// still there after the call, or was updated only after it, or not at all.
func (v *view) findSpurious(t *tally, i int, gap bool) {
	r := &v.row[i]
	if r.stale >= r.hi {
		return
	}
	s := suspect{id: OCC05, version: r.from, other: r.from - 1, from: none}
	if v.follows(i) && v.row[i-1].last > r.stale || r.acked() && r.own > r.stale {
		v.reportVersion(t, s)
		return
	}
	alone := !r.acked() && (len(r.maybes) == 0 || r.maybes[0].start > r.stale)
	if alone && v.shared {
		t.countForeign(1)
	} else if alone && !gap {
		s.closed = true
		v.reportVersion(t, s)
	}
}
