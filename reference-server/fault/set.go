package fault

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// Set is the faults of one server. One without faults, or nil, changes nothing.
type Set struct{ scenes []*scene }

// Strikes returns how often each fault has struck.
func (s *Set) Strikes() map[string]int64 {
	all := map[string]int64{}
	for _, in := range s.all() {
		all[in.Name] = in.strikes.Load()
	}
	return all
}

// Store breaks a store, which must be a store.Unguarded too. Of several faults
// the first is the outermost.
func (s *Set) Store(next store.Store) (store.Store, error) {
	raw, ok := next.(store.Unguarded)
	for i := len(s.all()) - 1; i >= 0; i-- {
		in := s.scenes[i]
		if in.wrap != nil {
			next = in.wrap(in, next)
		}
		if in.move == nil && in.board == nil && in.edit == nil {
			continue
		}
		if !ok {
			return nil, errors.New("breaking the store: it has no way to write without safeguards")
		}
		in.store, in.back = next, raw
		next = broken{next, in}
	}
	return next, nil
}

// Move breaks the call that moves.
func (s *Set) Move(next http.Handler) http.Handler {
	return s.wrap(next, func(f *Fault) bool { return f.answer != nil })
}

// Board breaks the call that reads the board.
func (s *Set) Board(next http.Handler) http.Handler {
	return s.wrap(next, func(f *Fault) bool { return f.answer != nil && f.boards })
}

// Edit returns what answers a PATCH of an appointment; nil: the server has no
// such call. Of several faults the first answers.
func (s *Set) Edit() http.Handler {
	for _, in := range s.all() {
		if in.edit != nil {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				in.strikes.Add(1)
				in.edit(w, r, in)
			})
		}
	}
	return nil
}

func (s *Set) wrap(next http.Handler, concerned func(*Fault) bool) http.Handler {
	for i := len(s.all()) - 1; i >= 0; i-- {
		if in := s.scenes[i]; concerned(&in.Fault) {
			next = brokenCall{next, in}
		}
	}
	return next
}

func (s *Set) all() []*scene {
	if s == nil {
		return nil
	}
	return s.scenes
}

func (s *Set) has(name string) bool {
	for _, in := range s.scenes {
		if in.Name == name {
			return true
		}
	}
	return false
}

// broken is a store in which one fault strikes.
type broken struct {
	store.Store
	in *scene
}

func (b broken) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	if b.in.move != nil && b.in.strike() {
		return b.in.move(ctx, b.in, m)
	}
	return b.Store.Move(ctx, m)
}

func (b broken) Board(ctx context.Context, day time.Time) ([]appointment.Card, error) {
	if b.in.board != nil && b.in.strike() {
		return b.in.board(ctx, b.in, day)
	}
	return b.Store.Board(ctx, day)
}

// brokenCall is a call in which one fault strikes.
type brokenCall struct {
	next http.Handler
	in   *scene
}

func (b brokenCall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.in.strike() {
		b.in.answer(w, r, b.in, b.next)
		return
	}
	b.next.ServeHTTP(w, r)
}
