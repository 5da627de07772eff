package probe

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// recordRead keeps what a read showed of a record for the checker.
func (s *session) recordRead(r *record, a *answer) {
	op := history.New()
	op.Kind, op.Operator, op.Attempt, op.Outcome = history.Read, 1, 1, history.Seen
	op.Record, op.State, op.HTTP, op.Start, op.End = r.id, r.state, int16(a.status), a.start, a.end
	op.SetToken(r.token)
	if s.api.Marked {
		op.Marker = r.marker
	}
	s.keepOperation(op)
}

// recordUpdate keeps an attempt for the checker. One that was never sent is none.
func (s *session) recordUpdate(operator int32, id, token string, v *api.Vars, a *answer) {
	if a.err == nil || a.start != 0 {
		s.keepOperation(s.newUpdate(operator, id, token, v, a))
	}
}

// newUpdate returns an attempt as an operation of a history.
func (s *session) newUpdate(operator int32, id, token string, v *api.Vars, a *answer) history.Op {
	op := history.New()
	op.Kind, op.Operator, op.Attempt = history.Update, operator, 1
	op.Record, op.Target, op.HTTP, op.Start, op.End = id, v.To, int16(a.status), a.start, a.end
	if token != "" {
		op.SetExpected(s.canonicalToken(token))
	}
	if op.Outcome = a.said.Outcome; a.err != nil {
		op.Outcome = history.NoAnswer
	}
	if len(a.said.Token) > 0 {
		op.SetToken(s.canonicalToken(string(a.said.Token)))
	}
	if history.Recordable(a.said.State) {
		op.State = a.said.State
	}
	if s.api.Marked {
		op.Marker = v.Marker
	}
	return op
}

func (s *session) keepOperation(op history.Op) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ops = append(s.ops, op)
}

// findLastRead returns the last read of a record that was over at a time, if there was
// one: the first operation of a proof.
func (s *session) findLastRead(id string, until int64) []history.Op {
	return s.findLastOperation(func(o *history.Op) bool { return o.Record == id && o.Kind == history.Read && o.End <= until })
}

// findLastUpdate returns the last confirmed update of a record, if there was one.
func (s *session) findLastUpdate(id string) []history.Op {
	return s.findLastOperation(func(o *history.Op) bool { return o.Record == id && o.Outcome == history.Applied })
}

func (s *session) findLastOperation(wanted func(*history.Op) bool) []history.Op {
	for i := len(s.ops) - 1; i >= 0; i-- {
		if wanted(&s.ops[i]) {
			return []history.Op{s.ops[i]}
		}
	}
	return nil
}
