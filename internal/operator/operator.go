// Package operator plays the turns of one operator: read the list, pick a
// record, think, update it, and recover when another one was faster. Where an API has
// no list that shows tokens, the operator picks first and reads that one record.
//
// It behaves as a careful person with a good interface would: it never sends an
// update that the API file forbids, never sends one twice without reading again
// (unless it is declared to be impatient), never touches a record that is not the run's own, and leaves a server alone
// that is down or asks for it. Whatever it does it records; requests in flight
// are waited for, because an operation that is missing from a history looks
// like one of another client. It knows nothing of what drives it.
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
	"github.com/occbench/occbench/internal/workload"
)

// ErrExhausted ends the turns: every record that the operator may pick has come
// to where the walk ends.
var ErrExhausted = errors.New("no record is left that the walk takes further")

// Operator is one virtual user. It is not for concurrent use.
type Operator struct {
	cfg    Config
	one    client.Record // that was read alone
	view   view
	states *api.States
	single bool // records are read one by one: the API has no list that shows tokens
	marker marker
	sent   client.Attempt // last
	screen screen
	op     history.Op    // the line being recorded
	flags  history.Flags // of every line
	due    int64         // when the next request is wanted, by the clock; None in a closed model

	// Picks and times come from one source and waits from another: how often
	// an operator has to wait depends on the server, what it picks must not.
	choice *rand.Rand
	jitter *rand.Rand
	wish   *rand.Rand
	drawn  *draws // of the next turn, when they are known already

	// The turns of an open model have a source each: which operator plays one depends on
	// which are free, and what is picked in it must not.
	arrival    *rand.Rand
	arrivalPCG *rand.PCG

	distress workload.Backoff // against a server in trouble
	troubles int              // turns in a row that met one
	started  bool
}

// New returns an operator, or says what is wrong with its configuration.
func New(cfg Config) (*Operator, error) {
	if err := cfg.checkValues(); err != nil {
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
		single:     ReadsSingly(cfg.Shop.API()),
		marker:     newMarker(&cfg),
		view:       newView(cfg.Roster, cfg.Stride, cfg.Shop.API()),
		screen:     screen{every: int64(cfg.Refresh)},
		due:        history.None,
		choice:     rand.New(rand.NewPCG(cfg.RandSeed, uint64(cfg.Number))),
		jitter:     rand.New(rand.NewPCG(cfg.RandSeed, uint64(cfg.Number)|1<<63)),
		wish:       rand.New(rand.NewPCG(cfg.RandSeed, uint64(cfg.Number)|1<<62)),
		arrival:    rand.New(arrivalPCG),
		arrivalPCG: arrivalPCG,
		distress:   distress,
	}, nil
}

func (o *Operator) now() int64 { return o.cfg.Shop.Clock() }

func (o *Operator) sleepFor(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	return o.cfg.Sleep(ctx, d)
}
