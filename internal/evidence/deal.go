package evidence

import (
	"sync"
	"sync/atomic"

	"github.com/occbench/occbench/internal/history"
)

// taker takes the operations of a history one by one, with their lines. It keeps
// and changes none.
type taker func(op *history.Op, line int)

// deal hands the operations of a history to several takers. Each takes all of
// them in order, on a goroutine of its own.
type deal struct {
	takers []chan *hand
	done   sync.WaitGroup
	free   chan *hand
}

// hand is a batch of operations that all judges get at once.
type hand struct {
	ops  []history.Op
	line int // of the first
	left atomic.Int32
}

const (
	dealt = 1 << 10 // operations of a hand; with fewer, takers wait for each other more often
	ahead = 8       // hands under way
)

func newDeal(takers []taker) *deal {
	d := &deal{free: make(chan *hand, ahead)}
	for range ahead {
		d.free <- &hand{ops: make([]history.Op, 0, dealt)}
	}
	for _, take := range takers {
		hands := make(chan *hand, ahead)
		d.takers = append(d.takers, hands)
		d.done.Go(func() {
			for h := range hands {
				for i := range h.ops {
					take(&h.ops[i], h.line+i)
				}
				d.release(h)
			}
		})
	}
	return d
}

// takeEmpty returns an empty hand; it waits while all hands are with takers.
func (d *deal) takeEmpty() *hand {
	h := <-d.free
	h.ops = h.ops[:0]
	return h
}

func (d *deal) handOut(h *hand) {
	h.left.Store(int32(len(d.takers)))
	for _, hands := range d.takers {
		hands <- h
	}
}

func (d *deal) release(h *hand) {
	if h.left.Add(-1) == 0 {
		d.free <- h
	}
}

// awaitTakers returns when all takers have taken all operations.
func (d *deal) awaitTakers() {
	for _, hands := range d.takers {
		close(hands)
	}
	d.done.Wait()
}
