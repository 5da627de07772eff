package operator

import (
	"slices"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// line starts the line of a call that is over.
func line(a *client.Answer, kind history.Kind) history.Op {
	op := history.New()
	op.Kind = kind
	op.Start, op.End = a.Start, a.End
	op.Outcome = a.Outcome
	op.HTTP = int16(a.HTTP)
	return op
}

// recordRead records what the board said of one card and, of the others, one that
// it contradicts itself about and one that it no longer shows.
func (o *Operator) recordRead(a *client.Answer, i, attempt int) {
	read := line(a, history.Read)
	record := func(op *history.Op) {
		o.op = *op
		o.record(attempt)
	}
	if a.OK() {
		if len(o.view.odd) > 0 && o.view.odd[0] != i {
			o.view.contradict(read, &o.board, o.view.odd[0], record)
		}
		if gone, is := o.view.missing(); is && gone != i {
			o.view.tell(read, &o.board, gone, record)
		}
	}
	o.op.Outcome = o.view.tell(read, &o.board, i, record)
}

// tell records what an answered list said of a card, or that there was none, and
// returns the outcome: a list that holds no readable row of a card it has to show
// breaks its promise.
func (v *view) tell(op history.Op, b *client.List, i int, record func(*history.Op)) history.Outcome {
	op.Record = v.roster.ID(i)
	contradicted := false
	if op.Outcome == history.Seen {
		contradicted = slices.Contains(v.odd, i) && v.contradict(op, b, i, record)
		switch s := v.cards[i]; {
		case s.readable():
			op.Token, op.State = s.version, string(s.status)
		case !v.shown[i]:
			op.Outcome = history.Absent
		default:
			op.Outcome = history.Malformed
		}
	}
	if !contradicted || op.Outcome == history.Seen {
		record(&op)
	}
	return op.Outcome
}

// contradict records the several things that a list said of a card, and reports
// whether there were several.
func (v *view) contradict(op history.Op, b *client.List, i int, record func(*history.Op)) bool {
	op.Record, op.Flags = v.roster.ID(i), history.Contradiction
	things := said(b, op.Record)
	for _, s := range things {
		one := op
		one.Token, one.State = s.version, string(s.status)
		record(&one)
	}
	return things != nil
}

func (o *Operator) recordMove(a *client.Answer, c Card, attempt int, flags history.Flags) {
	o.op = line(a, history.Update)
	o.op.Flags = flags
	o.op.Record = c.ID
	o.op.Target, o.op.Expected = string(c.Target), c.Version
	o.op.Token, o.op.State = a.Token, string(a.State)
	o.record(attempt)
}

func (o *Operator) record(attempt int) {
	o.op.Operator = o.cfg.Number
	o.op.Attempt = uint8(attempt)
	o.op.Scheduled = o.due
	o.op.Flags |= o.flags
	if o.op.Start < o.cfg.WarmupEnd {
		o.op.Flags |= history.Warmup
	}
	o.cfg.Record(&o.op)
}
