package fault

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// Set is the faults of one server. One without faults, or nil, changes nothing.
type Set struct{ scenes []*scene }

// CountStrikes returns how often each fault has struck.
func (s *Set) CountStrikes() map[string]int64 {
	all := map[string]int64{}
	for _, in := range s.allScenes() {
		all[in.Name] = in.strikes.Load()
	}
	return all
}

// Store breaks a store, which must be a store.Unguarded too. Of several faults
// the first is the outermost.
func (s *Set) Store(next store.Store) (store.Store, error) {
	raw, ok := next.(store.Unguarded)
	for _, in := range slices.Backward(s.allScenes()) {
		if in.wrap != nil {
			next = in.wrap(in, next)
		}
		if in.move == nil && in.board == nil && in.edit == nil {
			continue
		}
		if !ok {
			return nil, errGuarded
		}
		in.store, in.shop, in.back = cards{next}, next, raw
		next = broken{next, in}
	}
	return next, nil
}

var errGuarded = errors.New("breaking the store: it has no way to write without safeguards")

// Items breaks a store of items, as Store does.
func (s *Set) Items(next store.Items) (store.Items, error) {
	raw, ok := next.(store.Unguarded)
	for _, in := range slices.Backward(s.allScenes()) {
		if in.move == nil && in.item == nil {
			continue
		}
		if !ok {
			return nil, errGuarded
		}
		in.store, in.items, in.back = next, next, raw
		next = brokenItems{next, in}
	}
	return next, nil
}

// Tags breaks the ETags of items.
func (s *Set) Tags(next items.Tags) items.Tags {
	for _, in := range slices.Backward(s.allScenes()) {
		if in.tags != nil {
			next = in.tags(in, next)
		}
	}
	return next
}

// Update breaks the call that updates a record.
func (s *Set) Update(next http.Handler) http.Handler {
	return s.wrapCall(next, func(f *Fault) bool { return f.answer != nil })
}

// Read breaks the call by which records are read.
func (s *Set) Read(next http.Handler) http.Handler {
	return s.wrapCall(next, func(f *Fault) bool { return f.answer != nil && f.reads })
}

// Edit returns what answers a PATCH of an appointment; nil: the server has no
// such call. Of several faults the first answers.
func (s *Set) Edit() http.Handler {
	for _, in := range s.allScenes() {
		if in.edit != nil {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				in.strikes.Add(1)
				in.edit(w, r, in)
			})
		}
	}
	return nil
}

func (s *Set) wrapCall(next http.Handler, concerned func(*Fault) bool) http.Handler {
	for _, in := range slices.Backward(s.allScenes()) {
		if concerned(&in.Fault) {
			next = brokenCall{next, in}
		}
	}
	return next
}

func (s *Set) allScenes() []*scene {
	if s == nil {
		return nil
	}
	return s.scenes
}

func (s *Set) hasFault(name string) bool {
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
	if b.in.move != nil && b.in.drawStrike() {
		return b.in.move(ctx, b.in, m)
	}
	return b.Store.Move(ctx, m)
}

func (b broken) Board(ctx context.Context, day time.Time) ([]appointment.Card, error) {
	if b.in.board != nil && b.in.drawStrike() {
		return b.in.board(ctx, b.in, day)
	}
	return b.Store.Board(ctx, day)
}

// brokenItems is a store of items in which one fault strikes.
type brokenItems struct {
	store.Items
	in *scene
}

func (b brokenItems) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	if b.in.move != nil && b.in.drawStrike() {
		return b.in.move(ctx, b.in, m)
	}
	return b.Items.Move(ctx, m)
}

func (b brokenItems) Find(ctx context.Context, name string) (store.Item, error) {
	if b.in.item != nil && b.in.drawStrike() {
		return b.in.item(ctx, b.in, name)
	}
	return b.Items.Find(ctx, name)
}

// brokenCall is a call in which one fault strikes.
type brokenCall struct {
	next http.Handler
	in   *scene
}

func (b brokenCall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.in.drawStrike() {
		b.in.answer(w, r, b.in, b.next)
		return
	}
	b.next.ServeHTTP(w, r)
}
