package occ

import (
	"sync"

	"github.com/occbench/occbench/internal/history"
)

// intents are the moves that people have begun and whose requests have not
// been told of yet, by operator number. When a browser dies or the run is
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

// flush records what is left, when no browser is open any more.
func (i *intents) flush(record func(*history.Op)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for operator, op := range i.ops {
		record(&op)
		delete(i.ops, operator)
	}
}
