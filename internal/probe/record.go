package probe

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// recordMove keeps an attempt for the checker. One that was never sent is none.
func (p *prober) recordMove(operator int32, id string, to string, expected int64, a *answer) {
	if a.err == nil || a.start != 0 {
		p.record(newMove(p.api, operator, id, to, expected, a))
	}
}

// newMove returns an attempt as an operation of a history.
func newMove(by *api.API, operator int32, id string, to string, expected int64, a *answer) history.Op {
	sent := client.Sent(by, id, a.status, a.body)
	op := history.New()
	op.Kind, op.Operator, op.Attempt = history.Update, operator, 1
	op.Record, op.Target, op.Expected = id, string(to), expected
	op.Outcome, op.HTTP, op.Token, op.State = sent.Outcome, int16(sent.HTTP), sent.Token, string(sent.State)
	op.Start, op.End = a.start, a.end
	return op
}

// lastRead returns the last read of a card that was over at a time, if there was
// one: the first operation of a proof.
func (p *prober) lastRead(id string, until int64) []history.Op {
	return p.last(func(o *history.Op) bool { return o.Record == id && o.Kind == history.Read && o.End <= until })
}

// lastMoved returns the last confirmed move of a card, if there was one.
func (p *prober) lastMoved(id string) []history.Op {
	return p.last(func(o *history.Op) bool { return o.Record == id && o.Outcome == history.Applied })
}

func (p *prober) last(wanted func(*history.Op) bool) []history.Op {
	for i := len(p.ops) - 1; i >= 0; i-- {
		if wanted(&p.ops[i]) {
			return []history.Op{p.ops[i]}
		}
	}
	return nil
}

// recordRead keeps what a read showed of a card for the checker.
func (p *prober) recordRead(c client.Record, status int, start, end int64) {
	op := history.New()
	op.Kind, op.Operator, op.Attempt, op.Outcome = history.Read, 1, 1, history.Seen
	op.Record, op.Token, op.State, op.HTTP = c.ID, c.Token, string(c.State), int16(status)
	op.Start, op.End = start, end
	p.record(op)
}

func (p *prober) record(op history.Op) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ops = append(p.ops, op)
}
