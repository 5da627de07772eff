// Package operator plays the turns of one operator: read the board, pick a
// card, think, move it, and recover when another one was faster.
//
// It behaves as a careful person with a good interface would: it never sends a
// move that the contract forbids, never sends one twice without reading again
// (unless it is declared to be impatient), never touches a card that is not the run's own, and leaves a server alone
// that is down or asks for it. Whatever it does it records; requests in flight
// are waited for, because an operation that is missing from a history looks
// like somebody else's. It knows nothing of what drives it.
package operator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/wait"
	"github.com/occbench/occbench/internal/workload"
)

// Config is one operator: the spec of the run, and what is the operator's own.
// Shop and Roster are required. What the spec leaves at zero holds as the table of
// run says it (Attempts, Budget, Backoff) or is none.
type Config struct {
	run.Spec
	Shop   *client.Client
	Roster *Roster         // the run's cards, shared by all operators
	Number int32           // counts from 1; with the spec's seed it fixes picks and times
	Picker workload.Picker // over the roster's indexes; nil: the spec's own

	// Stride is the step from a picked card that cannot be moved to the next
	// candidate, round within the cards that it leads to; 0: the spec's own. With as
	// many as there are operators an operator stays on its own cards.
	Stride int

	// Record gets every read and every attempt when it is over; nil: nothing is
	// recorded. It must not keep the Op.
	Record func(*history.Op)
	// WarmupEnd is the time of the shop's clock at which the warm-up is over.
	WarmupEnd int64
	// Sleep waits, or returns the context's error when that ends first; nil: a
	// timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// ErrExhausted ends the turns: every card that the operator may pick has come
// to where the walk ends.
var ErrExhausted = errors.New("no card is left that the walk can move")

// Operator is one virtual user. It is not for concurrent use.
type Operator struct {
	cfg    Config
	board  client.List
	view   view
	states *api.States
	screen screen
	op     history.Op    // the line being recorded
	flags  history.Flags // of every line
	due    int64         // when the next request is wanted, by the clock; None in a closed model

	// Picks and times come from one source and waits from another: how often
	// an operator has to wait depends on the server, what it picks must not.
	choice *rand.Rand
	jitter *rand.Rand
	drawn  *draws // of the next turn, when they are known already

	// The turns of an open model have a source each: who plays one depends on
	// who is free, what is picked in it must not.
	arrival    *rand.Rand
	arrivalPCG *rand.PCG

	distress workload.Backoff // against a server in trouble
	troubles int              // turns in a row that met one
	started  bool
}

// New returns an operator, or says what is wrong with its configuration.
func New(cfg Config) (*Operator, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.setDefaults()
	distress, err := workload.ParseBackoff("equal", 25*time.Millisecond, time.Second)
	if err != nil {
		return nil, fmt.Errorf("making operator %d: %w", cfg.Number, err)
	}
	arrivalPCG := &rand.PCG{}
	return &Operator{
		cfg:        cfg,
		states:     &cfg.Shop.API().States,
		view:       newView(cfg.Roster, cfg.Stride, &cfg.Shop.API().States),
		screen:     screen{every: int64(cfg.Refresh)},
		due:        history.None,
		choice:     rand.New(rand.NewPCG(cfg.RandSeed, uint64(cfg.Number))),
		jitter:     rand.New(rand.NewPCG(cfg.RandSeed, uint64(cfg.Number)|1<<63)),
		arrival:    rand.New(arrivalPCG),
		arrivalPCG: arrivalPCG,
		distress:   distress,
	}, nil
}

func (c *Config) check() error {
	switch {
	case c.Shop == nil || c.Roster == nil:
		return fmt.Errorf("making operator %d: it needs a shop and a roster", c.Number)
	case c.Number < 1:
		return fmt.Errorf("making operator %d: operators count from 1", c.Number)
	case c.Roster.Len() == 0:
		return fmt.Errorf("making operator %d: the roster is empty", c.Number)
	case c.Attempts < 0 || c.Attempts > 255 || c.Budget < 0:
		return fmt.Errorf("making operator %d: attempts %d must be in 0 … 255 and budget %s not negative", c.Number, c.Attempts, c.Budget)
	case c.Stride < 0 || c.Refresh < 0:
		return fmt.Errorf("making operator %d: stride %d and refresh %s must not be negative", c.Number, c.Stride, c.Refresh)
	case !(c.DoubleMoves >= 0 && c.DoubleMoves <= 1):
		return fmt.Errorf("making operator %d: share of double moves %v is not in 0 … 1", c.Number, c.DoubleMoves)
	}
	return nil
}

func (c *Config) setDefaults() {
	preset := run.Default(time.Now)
	if c.Think == nil {
		c.Think = workload.Fixed(0)
	}
	if c.Pause == nil {
		c.Pause = workload.Fixed(0)
	}
	if c.Attempts == 0 {
		c.Attempts = preset.Attempts
	}
	if c.Budget == 0 {
		c.Budget = preset.Budget
	}
	if c.Backoff == (workload.Backoff{}) {
		c.Backoff = preset.Backoff
	}
	if c.Picker == nil {
		c.Picker = c.Pick.Picker(c.Roster.Len(), int(c.Number), c.Operators)
	}
	if c.Stride == 0 {
		c.Stride = c.Pick.Stride(c.Operators)
	}
	if c.Record == nil {
		c.Record = func(*history.Op) {}
	}
	if c.Sleep == nil {
		c.Sleep = wait.For
	}
}
