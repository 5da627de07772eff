package operator

import (
	"slices"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// newLine starts the line of a call that is over.
func newLine(a *client.Answer, kind history.Kind) history.Op {
	op := history.New()
	op.Kind = kind
	op.Start, op.End = a.Start, a.End
	op.Outcome = a.Outcome
	op.HTTP = int16(a.HTTP)
	return op
}

// recordRead records what the list said of one record and, of the others, one that
// it contradicts itself about and one that it no longer shows.
func (o *Operator) recordRead(a *client.Answer, i, attempt int) {
	read := newLine(a, history.Read)
	record := func(op *history.Op) {
		o.op = *op
		o.record(attempt)
	}
	if a.OK() && !o.single {
		if len(o.view.odd) > 0 && o.view.odd[0].index != i {
			o.view.recordContradiction(read, o.view.odd[0].index, record)
		}
		if gone, is := o.view.findMissing(); is && gone != i {
			o.view.recordSights(read, gone, record)
		}
	}
	o.op.Outcome = o.view.recordSights(read, i, record)
}

// recordSights records what an answered list said of a record, or that there was none, and
// returns the outcome: a list that holds no readable row of a record it has to show
// breaks its promise.
func (v *view) recordSights(read history.Op, i int, record func(*history.Op)) history.Outcome {
	op := &v.told
	*op = read
	op.Record = v.roster.ID(i)
	contradicted := false
	if op.Outcome == history.Seen {
		contradicted = v.recordContradiction(*op, i, record)
		switch s := v.sightOf(i); {
		case v.isReadable(s):
			s.writeTo(op)
		case !v.shown[i]:
			op.Outcome = history.Absent
		default:
			op.Outcome = history.Malformed
		}
	}
	if !contradicted || op.Outcome == history.Seen {
		record(op)
	}
	return op.Outcome
}

// recordContradiction records the several things that a list said of a record, and reports
// whether there were several.
func (v *view) recordContradiction(op history.Op, i int, record func(*history.Op)) bool {
	at := slices.IndexFunc(v.odd, func(odd oddRecord) bool { return odd.index == i })
	if at < 0 {
		return false
	}
	op.Record, op.Flags = v.roster.ID(i), history.Contradiction
	for _, s := range v.odd[at].said {
		one := op
		s.writeTo(&one)
		record(&one)
	}
	return v.odd[at].said != nil
}

// writeTo writes a sight into the operation that showed it.
func (s *sight) writeTo(op *history.Op) {
	op.State, op.Marker = s.state, s.marker
	if s.tokenText != "" {
		op.SetToken(s.tokenText)
	} else {
		op.Token = s.token
	}
}

func (o *Operator) recordAttempt(a *client.Answer, m *client.Attempt, attempt int, flags history.Flags) {
	o.op = newLine(a, history.Update)
	o.op.Flags = flags
	o.op.Record, o.op.Target, o.op.State, o.op.Marker = m.ID, m.To, a.State, m.Marker
	if m.TokenText != "" {
		o.op.SetExpected(m.TokenText)
		o.op.SetToken(a.TokenText)
	} else {
		o.op.Expected, o.op.Token = m.Token, a.Token
	}
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
