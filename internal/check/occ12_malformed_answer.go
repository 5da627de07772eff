package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

var malformedAnswer = Invariant{
	ID:    OCC12,
	Title: "malformed answer",
	Statement: "Answers carry what the API promises: a confirmed update has the new token and state, a list has every " +
		"record once, and what a conflict tells of the record was so at some moment of the call.",
	Why: "A client without the new token cannot update the record again without a read, and does not know whether its " +
		"update was applied.",
	Fix: "Answer with the fields that the API file names, the new token among them, on every path that answers 2xx.",
	sentence: func(f *Anomaly) string {
		o := &f.Operations[0]
		switch {
		case f.count(history.Absent) > 0:
			return fmt.Sprintf(
				"%s was answered without %s, which was on it at another time and which no %s takes off.",
				capitalize(f.words.AList()),
				f.record(),
				f.words.Change(),
			)
		case f.count(history.Conflict) > 0:
			return f.toldWrong()
		case o.Op.Flags&history.Contradiction != 0:
			return fmt.Sprintf(
				"One %s showed %s twice: with %s and with %s.",
				f.words.Listing(),
				f.record(),
				f.sight(o),
				f.sight(&f.Operations[len(f.Operations)-1]),
			)
		}
		if o.Kind == history.Update {
			return fmt.Sprintf("%s from %s was answered %d without the promised fields.", f.updateOf(), f.version(o.Expected), o.HTTP)
		}
		return fmt.Sprintf("A read was answered %d without the promised fields.", o.HTTP)
	},
}

// toldWrong is the sentence about a conflict whose body does not fit with the rest.
func (f *Anomaly) toldWrong() string {
	o := f.one(history.Conflict)
	if f.opaque {
		return fmt.Sprintf("%s from %s was refused with %s as the current one, which it was at no moment of the call.",
			f.updateOf(), f.sentBy(o), f.shownBy(o))
	}
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Outcome == history.Conflict && e.Token >= 0 && e.Token == f.Tokens[0] {
			o = e
		}
	}
	return fmt.Sprintf("%s from %s was refused with %s in the state %s as the current one, which it was at no moment of the call.",
		f.updateOf(), f.version(o.Expected), f.version(o.Token), cmp.Or(o.State, "unknown"))
}

// addMalformed adds an answer that lacks what was promised.
func (t *tally) addMalformed(o *history.Op, line int) {
	t.add(suspect{id: OCC12, record: o.Record, version: o.Expected + 1, other: o.Expected, from: none, line: line})
}

// sight says in words which version an operation shows.
func (f *Anomaly) sight(e *Evidence) string {
	return fmt.Sprintf("%s in the state %s", f.version(e.Token), cmp.Or(e.State, "unknown"))
}

// addRepeat takes a line of a list that said several things of the record. Two
// states of one version are a torn record, and known from the record.
func (k *record) addRepeat(o *history.Op, line int) {
	had := k.listed
	again := had != nil && had.Start == o.Start && had.End == o.End && had.Kind == o.Kind && had.Operator == o.Operator
	if again && (had.Token != o.Token || had.State == o.State) {
		k.pool.tally.add(suspect{id: OCC12, record: k.id, version: o.Token + 1, other: had.Token, from: none, line: line})
	}
	one := *o
	k.listed = &one
}

// addAbsence takes a list that does not show the record.
func (k *record) addAbsence(line int) {
	if k.missed++; k.missed == 1 {
		k.missAt = line
	}
}

// findAbsence reports the lists that did not show the record although it was there. On
// a shared list others may have taken it off.
func (v *view) findAbsence(t *tally) {
	k := v.record
	i := slices.IndexFunc(v.row, func(r row) bool { return r.knownBy() != never })
	if k.missed == 0 || v.others || i < 0 {
		return
	}
	t.add(suspect{id: OCC12, record: k.id, version: v.row[i].from + 1, other: v.row[i].from, from: none, line: k.missAt, closed: true})
	t.count[OCC12] += k.missed - 1
	t.closed[OCC12] += k.missed - 1
}
