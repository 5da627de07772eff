package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// OCC12 is broken when an answer lacks what the contract promises.
const OCC12 ID = 12

var malformedAnswer = Invariant{
	ID:    OCC12,
	Title: "malformed answer",
	Statement: "Answers carry what the contract promises: a 200 to a move has the new version and status, a board has every card once, with its own, " +
		"and what a 409 tells of the card was so at some moment of the call.",
	Why: "A client without the new version cannot move the card again without a refetch, and does not know whether its move was applied.",
	Fix: "Answer {\"ok\": true, \"data\": {appointment_id, status, position, version, updated_at}} with the version as an integer, on every path that answers 2xx.",
	sentence: func(f *Anomaly) string {
		o := &f.Operations[0]
		switch {
		case f.count(history.Absent) > 0:
			return fmt.Sprintf("A board was answered without card %s, which was on it at another time and which no move takes off.", f.Record)
		case f.count(history.Conflict) > 0:
			return f.toldWrong()
		case o.Op.Flags&history.Contradiction != 0:
			return fmt.Sprintf("One board showed card %s twice: with %s and with %s.", f.Record, sight(o), sight(&f.Operations[len(f.Operations)-1]))
		}
		if o.Kind == history.Update {
			return fmt.Sprintf("A move of card %s from version %d was answered %d without the promised fields.", f.Record, o.Expected, o.HTTP)
		}
		return fmt.Sprintf("A read of the board was answered %d without the promised fields.", o.HTTP)
	},
}

// toldWrong is the sentence about a 409 whose body does not fit with the rest.
func (f *Anomaly) toldWrong() string {
	o := f.one(history.Conflict)
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Outcome == history.Conflict && e.Token >= 0 && e.Token == f.Tokens[0] {
			o = e
		}
	}
	return fmt.Sprintf("A 409 to a move of card %s from version %d tells that version %d with the status %s is the current one, which it was at no moment of the call.",
		f.Record, o.Expected, o.Token, cmp.Or(o.State, "unknown"))
}

func (c *Checker) malformed(o *history.Op, line int) {
	c.tally.add(suspect{id: OCC12, card: o.Record, version: o.Expected + 1, other: o.Expected, from: none, line: line})
}

// sight says in words which version an operation shows.
func sight(e *Evidence) string {
	return fmt.Sprintf("version %d in the status %s", e.Token, cmp.Or(e.State, "unknown"))
}

// repeat takes a line of a list that said several things of the card. Two
// statuses of one version are a torn card, and known from the record.
func (k *card) repeat(o *history.Op, line int) {
	had := k.listed
	again := had != nil && had.Start == o.Start && had.End == o.End && had.Kind == o.Kind && had.Operator == o.Operator
	if again && (had.Token != o.Token || had.State == o.State) {
		k.checker.tally.add(suspect{id: OCC12, card: k.id, version: o.Token + 1, other: had.Token, from: none, line: line})
	}
	one := *o
	k.listed = &one
}

// miss takes a list that does not show the card.
func (k *card) miss(line int) {
	if k.missed++; k.missed == 1 {
		k.missAt = line
	}
}

// absent reports the lists that did not show the card although it was there. On
// a shared board others may have taken it off.
func (v *view) absent(t *tally) {
	k := v.card
	i := slices.IndexFunc(v.row, func(r row) bool { return r.by() != never })
	if k.missed == 0 || v.shared || i < 0 {
		return
	}
	t.add(suspect{id: OCC12, card: k.id, version: v.row[i].from + 1, other: v.row[i].from, from: none, line: k.missAt, closed: true})
	t.count[OCC12] += k.missed - 1
	t.closed[OCC12] += k.missed - 1
}
