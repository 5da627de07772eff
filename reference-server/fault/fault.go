// Package fault breaks the reference server, in one way per fault, so that the
// tools which claim to detect broken servers can be shown one.
//
// A fault is put around the store or around a call, never into them: the server
// that is tested with a fault is the one that runs without. Each breaks one
// invariant and keeps the others as far as the break allows; a fault that broke
// everything would show that a detector detects something, not which.
package fault

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// Fault is a way to break the server.
type Fault struct {
	Name      string
	Sentence  string  // what the broken server does
	Invariant string  // the one it breaks under load (OCC-01 …); empty: none, it only gets in a client's way
	Question  string  // the line of the probe that finds it where no load does; empty: none
	Rate      float64 // the share of requests it strikes, unless told otherwise; over 0, to 1
	Races     bool    // it shows only where two updates with one version meet
	Argument  string  // the form of what may follow the name after =; empty: nothing may

	// lacks says for an API in which the fault cannot exist what is not there.
	lacks map[string]string
	// etag changes what is different in the API of items; nil: nothing is.
	etag func(f *Fault)

	// wrap puts a store around the one behind it, whatever the rate.
	wrap func(in *scene, next store.Store) store.Store
	// tags replaces the ETags of items, whatever the rate.
	tags func(in *scene, next items.Tags) items.Tags
	// One of these replaces what it is named for when the fault strikes.
	move   func(ctx context.Context, in *scene, m store.Move) (store.Moved, error)
	board  func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error)
	item   func(ctx context.Context, in *scene, name string) (store.Item, error)
	answer func(w http.ResponseWriter, r *http.Request, in *scene, next http.Handler)
	edit   func(w http.ResponseWriter, r *http.Request, in *scene) // a PATCH of an appointment, which the correct server does not have
	// reads says that answer is for the calls that read too, not for updates alone.
	reads bool
	// parse reads the argument; an empty one asks for the default.
	parse func(in *scene, argument string) error
}

// gap is how long a fault that opens a race keeps it open. A real server's gap
// is a fraction of that, and is hit in production after months; here seconds
// must do.
const gap = 5 * time.Millisecond

// records are the state that the faults of updates break, whatever holds it.
type records interface {
	Move(ctx context.Context, m store.Move) (store.Moved, error)
	Current(ctx context.Context, id int64) (store.Current, error)
}

// cards are the records of the shop.
type cards struct{ store.Store }

func (c cards) Current(ctx context.Context, id int64) (store.Current, error) {
	card, err := c.Card(ctx, id)
	return store.Current{Version: card.Version, Status: card.Status}, err
}

// scene is a fault at work: its store behind it, its dice, what it remembers.
type scene struct {
	Fault
	store records         // the correct ones, or those with the faults that follow
	back  store.Unguarded // their back door
	shop  store.Store     // the same as a store of appointments; nil in the API of items
	items store.Items     // the same as a store of items; nil in the shop

	now     func() time.Time
	start   time.Time
	delay   time.Duration // of the faults that take one
	base    int64         // of version-base
	window  window
	cache   boardCache
	seen    itemCache
	writes  atomic.Int64 // that were applied, where a fault counts them
	strikes atomic.Int64
	mu      sync.Mutex // guards dice
	dice    *rand.Rand
}

// drawStrike decides whether this request is one that the fault strikes.
func (in *scene) drawStrike() bool {
	if in.Rate < 1 && in.rollDice() >= in.Rate {
		return false
	}
	in.strikes.Add(1)
	return true
}

func (in *scene) rollDice() float64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.dice.Float64()
}

// pickIndex draws a number below n.
func (in *scene) pickIndex(n int) int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.dice.IntN(n)
}

// newGuardedWrite returns the write of a correct update, which a fault then changes.
func newGuardedWrite(m store.Move) store.Write {
	w := newUnguardedWrite(m)
	w.Expected, w.From = m.Expected, m.Sources()
	return w
}

// newUnguardedWrite returns a write that is carried out whatever version and state the record has.
func newUnguardedWrite(m store.Move) store.Write {
	return store.Write{ID: m.ID, Status: m.To, Position: m.Position, Note: m.Note, Bump: 1}
}

// writeOrRefuse carries out a write, and when it matches no row refuses the
// move for the reason that a correct server would give.
func (in *scene) writeOrRefuse(ctx context.Context, w store.Write, m store.Move) (store.Moved, error) {
	moved, ok, err := in.back.Write(ctx, w)
	if ok || err != nil {
		return moved, err
	}
	is, err := in.store.Current(ctx, m.ID)
	if err != nil {
		return moved, err
	}
	if err := m.Refusal(is); err != nil {
		return moved, err
	}
	return moved, store.ErrBusy
}

// findRefusal returns why a correct server would refuse a move; nil when it would
// not.
func (in *scene) findRefusal(ctx context.Context, m store.Move) error {
	is, err := in.store.Current(ctx, m.ID)
	if err != nil {
		return err
	}
	return m.Refusal(is)
}
