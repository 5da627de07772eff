package check

import (
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

var tornRecord = Invariant{
	ID:    OCC09,
	Title: "torn record",
	Statement: "One token has one state, everywhere it is seen: in the answer to the update that made it, in reads and " +
		"lists, in a conflict.",
	Why: "Token and state are read and written together or the token protects nothing: an update that was checked against " +
		"one state is applied to another.",
	Fix: "Write state and version in one statement and read them in one statement; answer what was written, not what was " +
		"asked for. Look for a second writer that changes the state without the version.",
	sentence: func(f *Anomaly) string {
		if e := f.stray(); e != nil {
			return fmt.Sprintf("%s was shown with %s and a content that has another token.", capitalize(f.record()), f.shownBy(e))
		}
		if len(f.Tokens) == 0 {
			return fmt.Sprintf("%s was shown with one token and the content of another.", capitalize(f.record()))
		}
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
				capitalize(f.version(at)),
				f.record(),
				f.statuses(at),
			)
		}
		return fmt.Sprintf("%s of %s has two states: %s.", capitalize(f.version(at)), f.record(), f.statuses(at))
	},
}

// stray returns a read of a token with a marker that other operations show with another
// token, where the token itself is shown with another marker; nil without.
func (f *Anomaly) stray() *Evidence {
	for i := range f.Operations {
		e := &f.Operations[i]
		if e.Kind == history.Update || e.Marker == "" {
			continue
		}
		moved, mixed := false, false
		for j := range f.Operations {
			o := &f.Operations[j]
			same := f.showSame(o, e)
			shows := o.Kind != history.Update || o.Outcome == history.Applied
			moved = moved || shows && o.Marker == e.Marker && !same
			mixed = mixed || shows && o.Marker != "" && o.Marker != e.Marker && same
		}
		if moved && mixed {
			return e
		}
	}
	return nil
}

// findTorn looks at the state of row i, in itself and after the one before.
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
