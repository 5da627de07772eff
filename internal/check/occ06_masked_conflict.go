package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

var maskedConflict = Invariant{
	ID:    OCC06,
	Title: "masked conflict",
	Statement: "A stale attempt is answered as a conflict and as nothing else. So an attempt that is legal from the state " +
		"its token stands for is applied or answered as a conflict, whatever happened meanwhile.",
	Why: "A client recovers from a conflict by reading again. It cannot recover from \"invalid\": it reports a fault where " +
		"there was only a rival, and the conflict rate looks better than it is.",
	Fix: "Check the version before the transition, on the same row: when no row was changed, one SELECT tells a missing " +
		"record, then a conflict, then an illegal transition, in this order.",
	sentence: func(f *Anomaly) string {
		o := f.one(history.Rejected)
		update := fmt.Sprintf("%s from %s", f.updateOf(), f.version(o.Expected))
		for i := range f.Operations {
			e := &f.Operations[i]
			switch {
			case e.Token == o.Expected && e.Outcome != history.Rejected && f.states.leads(e.State, o.Target):
				return fmt.Sprintf(
					"%s, which is %s, to %s was answered %d: it is legal, so it had to be applied or answered as a conflict.",
					update,
					e.State,
					o.Target,
					o.HTTP,
				)
			case e.End != history.None && e.End < o.Start && e.Token > o.Expected:
				return fmt.Sprintf("%s, which was stale before it was sent, was answered %d and not as a conflict.", update, o.HTTP)
			}
		}
		if f.states.leads(o.State, o.Target) {
			return fmt.Sprintf("%s to %s was answered %d because it was %s, from which that is legal.", update, o.Target, o.HTTP, o.State)
		}
		return fmt.Sprintf(
			"%s to %s was answered %d, which cannot be: either the version was the current one and the change legal, or it was stale "+
				"and the answer is a conflict.",
			update,
			o.Target,
			o.HTTP,
		)
	},
}

// hidesConflict reports whether a refusal is a judgement of the request by the
// application, which the API file says. Others (401, 408, 413, 429 …) may come
// before the version has been looked at.
func (s *stateTable) hidesConflict(o *history.Op) bool {
	return o.Outcome == history.Rejected && s.judges != nil && s.judges(int(o.HTTP))
}

// addRejection takes a 4xx that is no conflict. What is known to be wrong when
// it comes is counted answer by answer; the rest is kept until all is known.
func (k *record) addRejection(o *history.Op, line int) {
	k.noteRefused(o)
	gone := o.HTTP == 404 || o.HTTP == 410
	if !k.pool.states.hidesConflict(o) || gone && k.pool.shared {
		return
	}
	one := rejection{o.End, o.Start, bit(k.stateCode(o.Target)), bit(k.stateCode(o.State)), gone}
	before, after := k.boundsOf(o.Expected), k.boundsOf(o.Expected+1)
	if after.knownBy() < o.Start || one.isWrong(k.pool.states, before) {
		k.pool.tally.add(
			suspect{id: OCC06, record: k.id, version: o.Expected + 1, other: o.Expected + 1, from: none, line: line, closed: gone},
		)
		return
	}
	before.flags |= asked
	after.flags |= asked
	if k.rejects == nil {
		k.rejects = make(map[int64]*rejection)
	}
	if had := k.rejects[o.Expected]; had != nil {
		had.merge(&one)
	} else {
		k.rejects[o.Expected] = &one
	}
}

// allowedStates returns the bits of the states that the version can have had.
func (j *rejection) allowedStates(by *stateTable) uint8 {
	statuses := ^by.sources(j.targets) & by.all
	for code := range uint8(len(by.names)) {
		s := bit(code + 1)
		if j.statuses&s != 0 {
			statuses &= s
		}
	}
	return statuses
}

// isWrong reports whether the refusals contradict the state that was seen with
// the version, or themselves.
func (j *rejection) isWrong(by *stateTable, r *bounds) bool {
	status := by.all
	if r.flags&torn == 0 && r.status != 0 {
		status = bit(r.status)
	}
	return j.allowedStates(by)&status == 0
}

// findMasked looks at the refusals that only later lines show to be wrong.
func (v *view) findMasked(t *tally) {
	for _, expected := range slices.Sorted(maps.Keys(v.record.rejects)) {
		j := v.record.rejects[expected]
		if j.gone && v.others {
			continue
		}
		s := suspect{id: OCC06, version: expected + 1, other: expected, from: none, closed: j.gone}
		i, found := v.find(expected)
		if v.hiOf(expected+1) < j.start {
			at, _ := v.find(expected + 1)
			s.other = v.witnessOf(at)
		} else if !found || v.row[i].from != v.row[i].to || !j.isWrong(v.record.pool.states, v.row[i].bounds) {
			continue
		}
		if v.reportOwned(t, s); found {
			v.row[i].masked = true
		}
	}
}
