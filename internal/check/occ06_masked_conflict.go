package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// OCC06 is broken when an attempt that had to be applied or answered 409 gets
// another refusal.
const OCC06 ID = 6

var maskedConflict = Invariant{
	ID:    OCC06,
	Title: "masked conflict",
	Statement: "A stale attempt is refused with 409 version_conflict and with no other code. So an attempt that is legal from the status of the version " +
		"it names is applied or answered 409, whatever happened meanwhile.",
	Why: "A client recovers from a 409 by refetching. It cannot recover from \"invalid\": the operator sees a fault where there was only a colleague, " +
		"and the conflict rate looks better than it is.",
	Fix: "Check the version before the transition, on the same row: when no row was changed, one SELECT tells 404, then 409, then 422, in this order.",
	sentence: func(f *Anomaly) string {
		o := f.one(history.Rejected)
		move := fmt.Sprintf("A move of card %s from version %d", f.Record, o.Expected)
		for i := range f.Operations {
			e := &f.Operations[i]
			switch {
			case e.Token == o.Expected && e.Outcome != history.Rejected && leads(code(e.State), code(o.Target)):
				return fmt.Sprintf("%s, which is %s, to %s was answered %d: it is legal, so it had to be applied or answered 409.", move, e.State, o.Target, o.HTTP)
			case e.End != history.None && e.End < o.Start && e.Token > o.Expected:
				return fmt.Sprintf("%s, which was stale before the move was sent, was answered %d instead of 409.", move, o.HTTP)
			}
		}
		if leads(code(o.State), code(o.Target)) {
			return fmt.Sprintf("%s to %s was answered %d because the card was %s, from which the move is legal.", move, o.Target, o.HTTP, o.State)
		}
		return fmt.Sprintf("%s to %s was answered %d, which cannot be: either the version was the current one and the move legal, or it was stale and the answer is 409.",
			move, o.Target, o.HTTP)
	},
}

// rejection is what the refusals of the attempts from one version say together:
// that it was the current one within each call, and that its status allowed none
// of the targets.
type rejection struct {
	end, start int64 // the earliest end and the latest start
	targets    uint8 // bits 1<<(code-1) of what was asked for
	statuses   uint8 // the same of what the refusals say that the card was
	gone       bool  // one of them may say that the card has been removed
}

// hidesConflict reports whether a 4xx is a judgement of the request by the
// application. Others (401, 408, 413, 429 …) may come before anybody has looked
// at the version, and a 409 with another code is a 409.
func hidesConflict(o *history.Op) bool {
	if o.Outcome != history.Rejected {
		return false
	}
	switch o.HTTP {
	case 400, 404, 410, 412, 422:
		return true
	}
	return false
}

// reject takes a 4xx other than version_conflict. What is known to be wrong when
// it comes is counted answer by answer; the rest is kept until all is known.
func (k *card) reject(o *history.Op, line int) {
	k.refuse(o)
	gone := o.HTTP == 404 || o.HTTP == 410
	if !hidesConflict(o) || gone && k.checker.options.Shared {
		return
	}
	one := rejection{o.End, o.Start, bit(k.state(o.Target)), bit(k.state(o.State)), gone}
	before, after := k.at(o.Expected), k.at(o.Expected+1)
	if after.by() < o.Start || one.wrong(before) {
		k.checker.tally.add(suspect{id: OCC06, card: k.id, version: o.Expected + 1, other: o.Expected + 1, from: none, line: line, closed: gone})
		return
	}
	before.flags |= asked
	after.flags |= asked
	if k.rejects == nil {
		k.rejects = make(map[int64]*rejection)
	}
	if had := k.rejects[o.Expected]; had != nil {
		had.join(&one)
	} else {
		k.rejects[o.Expected] = &one
	}
}

func (j *rejection) join(o *rejection) {
	j.end, j.start = min(j.end, o.end), max(j.start, o.start)
	j.targets, j.statuses, j.gone = j.targets|o.targets, j.statuses|o.statuses, j.gone || o.gone
}

// allowed returns the bits of the statuses that the version can have had.
func (j *rejection) allowed() uint8 {
	statuses := ^sources(j.targets) & allStatuses
	for s := uint8(1); s <= allStatuses; s <<= 1 {
		if j.statuses&s != 0 {
			statuses &= s
		}
	}
	return statuses
}

// wrong reports whether the refusals contradict the status that was seen with
// the version, or themselves.
func (j *rejection) wrong(r *record) bool {
	status := uint8(allStatuses)
	if r.flags&torn == 0 && r.status != 0 {
		status = bit(r.status)
	}
	return j.allowed()&status == 0
}

// rejects looks at the refusals that only later lines show to be wrong.
func (v *view) rejects(t *tally) {
	for _, expected := range slices.Sorted(maps.Keys(v.card.rejects)) {
		j := v.card.rejects[expected]
		if j.gone && v.shared {
			continue
		}
		s := suspect{id: OCC06, version: expected + 1, other: expected, from: none, closed: j.gone}
		i, found := v.find(expected)
		if v.hiOf(expected+1) < j.start {
			at, _ := v.find(expected + 1)
			s.other = v.witness(at)
		} else if !found || v.row[i].from != v.row[i].to || !j.wrong(v.row[i].record) {
			continue
		}
		if v.status(t, s); found {
			v.row[i].masked = true
		}
	}
}
