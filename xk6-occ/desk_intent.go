package occ

import (
	"errors"
	"fmt"
	"sync"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// intents are the moves that people have begun and whose requests nobody has
// told of yet, by operator number. When a browser dies or the run is
// interrupted in between, the server may have got such a move: it is recorded
// without an answer, for a version without an owner would accuse the server.
type intents struct {
	mu  sync.Mutex
	ops map[int32]history.Op
}

func (i *intents) begin(op history.Op) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ops == nil {
		i.ops = map[int32]history.Op{}
	}
	i.ops[op.Operator] = op
}

func (i *intents) end(operator int32) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.ops, operator)
}

// flush records what is left; nobody must be at the board any more.
func (i *intents) flush(record func(*history.Op)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for operator, op := range i.ops {
		record(&op)
		delete(i.ops, operator)
	}
}

// begins is `begins(card, target, expected)`: from now on the page may send this
// move.
func (d *desk) begins(call sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.ready(); err != nil {
		return nil, err
	}
	m := sentMove{Card: call.Argument(0).String(), Target: call.Argument(1).String(), Expected: call.Argument(2).ToInteger()}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("beginning a move: %w", err)
	}
	if _, ours := d.roster.Index(m.Card); !ours {
		return nil, errors.New("beginning a move: the card is not in play")
	}
	op := d.operation(d.hand, history.Update, &client.Answer{Outcome: history.NoAnswer, Start: d.run.clock.now(), End: history.None})
	op.Record, op.Target, op.Expected = m.Card, m.Target, m.Expected
	d.run.intents.begin(op)
	return sobek.Undefined(), nil
}

// ends is `ends()`: everything that the page sent was recorded.
func (d *desk) ends(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.ready(); err != nil {
		return nil, err
	}
	d.run.intents.end(d.hand)
	return sobek.Undefined(), nil
}
