package refserver

import (
	"context"
	"errors"
	"sync"
	"time"
)

// boards lets requests for the same date share queries: while one query of a
// date runs, the requests that arrive wait, and when it ends one new query
// answers all of them.
//
// Sharing gives away nothing. A request never joins a query that has begun, so
// the query it is answered from begins after the request arrived and ends before
// its answer: whatever was acknowledged before the request is in the query's
// snapshot, exactly as if the request had been the only one. A cache, however
// short-lived, cannot say that: it would answer a mover with the board from
// before its own move.
type boards struct {
	read  func(day time.Time) ([]byte, error)
	mu    sync.Mutex
	lanes map[time.Time]*lane
}

// lane is a date with a query under way.
type lane struct{ next *query }

// errBroken is the error of a query whose reading panicked.
var errBroken = errors.New("reading a board broke off")

// query is one query and its answer. The request that makes it carries it out; others wait until it is done.
type query struct {
	turn chan struct{} // closed when it may begin
	done chan struct{} // closed when body and err are set
	body []byte
	err  error
}

// readShared returns the answer for a date. One whose client leaves while it waits
// for another's query returns the context's error.
func (b *boards) readShared(ctx context.Context, day time.Time) ([]byte, error) {
	q, mine := b.joinQuery(day)
	if mine {
		<-q.turn
		b.carryOut(q, day)
		return q.body, q.err
	}
	select {
	case <-q.done:
		return q.body, q.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// joinQuery returns the next query of a date that has not begun, and whether the
// caller has to carry it out.
func (b *boards) joinQuery(day time.Time) (q *query, mine bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, busy := b.lanes[day]
	if busy && l.next != nil {
		return l.next, false
	}
	q = &query{turn: make(chan struct{}), done: make(chan struct{})}
	if busy {
		l.next = q
		return q, true
	}
	if b.lanes == nil {
		b.lanes = map[time.Time]*lane{}
	}
	b.lanes[day] = &lane{}
	close(q.turn)
	return q, true
}

func (b *boards) carryOut(q *query, day time.Time) {
	defer b.passOn(day)
	defer close(q.done)
	q.err = errBroken // stands if reading panics
	q.body, q.err = b.read(day)
}

// passOn lets the next query of a date begin.
func (b *boards) passOn(day time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.lanes[day]
	if l.next == nil {
		delete(b.lanes, day)
		return
	}
	close(l.next.turn)
	l.next = nil
}
