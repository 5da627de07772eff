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
	"net/http"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// Fault is a way to break the server.
type Fault struct {
	Name      string
	Sentence  string  // what the broken server does
	Invariant string  // the one it breaks under load (OCC-01 …); empty: none, it only gets in a client's way
	Question  string  // the line of the probe that finds it where no load does; empty: none
	Rate      float64 // the share of requests it strikes, unless told otherwise; over 0, to 1
	Races     bool    // it shows only where two moves with one version meet
	Argument  string  // the form of what may follow the name after =; empty: nothing may

	// wrap puts a store around the one behind it, whatever the rate.
	wrap func(in *scene, next store.Store) store.Store
	// One of these replaces what it is named for when the fault strikes.
	move   func(ctx context.Context, in *scene, m store.Move) (store.Moved, error)
	board  func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error)
	answer func(w http.ResponseWriter, r *http.Request, in *scene, next http.Handler)
	edit   func(w http.ResponseWriter, r *http.Request, in *scene) // a PATCH of an appointment, which the correct server does not have
	// boards says that answer is for the board call too, not for moves alone.
	boards bool
	// parse reads the argument; an empty one asks for the default.
	parse func(in *scene, argument string) error
}

// faults are all there are; first those that break an invariant.
var faults = []Fault{
	lostUpdate, checkThenAct, retryOnConflict,
	noIncrement, versionSkew,
	phantomSuccess, ackThenRollback,
	dirtyRefusal, spuriousConflict, maskedConflict,
	staleBoard, doubleIncrement, versionReset, doubleApply,
	tornStatus, misplacedCard, unversionedWriter, illegalTransition,
	phantomFailure, malformedAnswer, cardTwice, hiddenCard,
	futureVersion, idAlias, frozenUpdatedAt, unversionedEdit,
	latency, error500, throttle429, dropReply, hang, versionBase,
}

// List returns all faults: first those that break an invariant, in the order
// of the invariants, then those that only the probe finds, then those that only
// get in a client's way.
func List() []Fault { return slices.Clone(faults) }
