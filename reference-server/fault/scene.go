package fault

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// gap is how long a fault that opens a race keeps it open. A real server's gap
// is a fraction of that, and is hit in production after months; here seconds
// must do.
const gap = 5 * time.Millisecond

// scene is a fault at work: its store behind it, its dice, what it remembers.
type scene struct {
	Fault
	store store.Store     // the correct one, or one with the faults that follow
	back  store.Unguarded // its back door

	now     func() time.Time
	start   time.Time
	delay   time.Duration // of the faults that take one
	base    int64         // of version-base
	window  window
	cache   boardCache
	strikes atomic.Int64
	mu      sync.Mutex // guards dice
	dice    *rand.Rand
}

// strike decides whether this request is one that the fault strikes.
func (in *scene) strike() bool {
	if in.Rate < 1 && in.roll() >= in.Rate {
		return false
	}
	in.strikes.Add(1)
	return true
}

func (in *scene) roll() float64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.dice.Float64()
}

// pick draws a number below n.
func (in *scene) pick(n int) int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.dice.IntN(n)
}

// current reads a card as it is.
func (in *scene) current(ctx context.Context, id int64) (store.Current, error) {
	card, err := in.store.Card(ctx, id)
	return store.Current{Version: card.Version, Status: card.Status}, err
}

// guarded is the write of a correct move: a fault changes what it breaks.
func guarded(m store.Move) store.Write {
	return store.Write{ID: m.ID, Expected: m.Expected, From: appointment.Sources(m.To), Status: m.To, Position: m.Position, Bump: 1}
}

// writeOrRefuse carries out a write, and when it matches no row refuses the
// move for the reason that a correct server would give.
func (in *scene) writeOrRefuse(ctx context.Context, w store.Write, m store.Move) (store.Moved, error) {
	moved, ok, err := in.back.Write(ctx, w)
	if ok || err != nil {
		return moved, err
	}
	is, err := in.current(ctx, m.ID)
	if err != nil {
		return moved, err
	}
	if err := m.Refusal(is); err != nil {
		return moved, err
	}
	return moved, store.ErrBusy
}

// refusal returns why a correct server would refuse a move; nil when it would
// not.
func (in *scene) refusal(ctx context.Context, m store.Move) error {
	is, err := in.current(ctx, m.ID)
	if err != nil {
		return err
	}
	return m.Refusal(is)
}
