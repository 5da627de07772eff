package refserver

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"
)

// gate is a board's query that tells when it begins and ends when it is told.
type gate struct{ begun, end chan struct{} }

func newGate() gate { return gate{make(chan struct{}), make(chan struct{})} }

func (g gate) pass() {
	<-g.begun
	g.end <- struct{}{}
}

func (g gate) boards() *boards {
	n := 0
	return &boards{read: func(time.Time) ([]byte, error) {
		n++
		mine := n
		g.begun <- struct{}{}
		<-g.end
		return []byte(strconv.Itoa(mine)), nil
	}}
}

// joinAll lets n requests join the next query of a day, before it returns, and
// hands their answers on.
func joinAll(t *testing.T, b *boards, day time.Time, n int, answers chan<- string) *sync.WaitGroup {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		q, mine := b.joinQuery(day)
		all.Go(func() {
			if mine {
				<-q.turn
				b.carryOut(q, day)
			}
			<-q.done
			answers <- string(q.body)
		})
	}
	return &all
}

func TestBoardsShareTheNextQueryOnly(t *testing.T) {
	g := newGate()
	b := g.boards()
	day := time.Unix(0, 0).UTC()
	answers := make(chan string, 8)
	first := joinAll(t, b, day, 1, answers)
	<-g.begun
	later := joinAll(t, b, day, 5, answers)
	g.end <- struct{}{}
	first.Wait()
	if got := <-answers; got != "1" {
		t.Errorf("the first request is answered by query %s", got)
	}
	g.pass()
	later.Wait()
	for range 5 {
		if got := <-answers; got != "2" {
			t.Errorf("a request that arrived while query 1 ran is answered by query %s, want 2", got)
		}
	}
	if len(b.lanes) != 0 {
		t.Errorf("%d dates are kept after their queries", len(b.lanes))
	}
}

func TestBoardsOfOtherDaysDoNotWait(t *testing.T) {
	g := newGate()
	b := g.boards()
	answers := make(chan string, 2)
	one := joinAll(t, b, time.Unix(0, 0), 1, answers)
	<-g.begun
	other := joinAll(t, b, time.Unix(86400, 0), 1, answers)
	<-g.begun
	g.end <- struct{}{}
	g.end <- struct{}{}
	one.Wait()
	other.Wait()
}

func TestBoardsLetAClientLeave(t *testing.T) {
	g := newGate()
	b := g.boards()
	day := time.Unix(0, 0)
	answers := make(chan string, 2)
	all := joinAll(t, b, day, 1, answers)
	<-g.begun
	second := joinAll(t, b, day, 1, answers)
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, err := b.readShared(gone, day); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that is gone gets %v", err)
	}
	g.end <- struct{}{}
	g.pass()
	all.Wait()
	second.Wait()
}
