package store

import (
	"errors"
	"fmt"

	"github.com/occbench/occbench/reference-server/appointment"
)

// What a store refuses with.
var (
	ErrNotFound = errors.New("no such appointment")
	ErrExists   = errors.New("it exists already")
	// ErrBusy is a deadlock, a failed serialization or a lock not to be had:
	// nothing was applied, and the same call may well succeed a moment later.
	ErrBusy = errors.New("the store is busy")
)

// Stale is a move whose version is not the card's, which is as given here.
type Stale struct {
	Version int64
	Status  appointment.Status
}

func (e *Stale) Error() string {
	return fmt.Sprintf("the card is in version %d, %s", e.Version, e.Status)
}

// Illegal is a move of the right version to a status that no transition leads
// to.
type Illegal struct{ From appointment.Status }

func (e *Illegal) Error() string {
	return fmt.Sprintf("no such transition from %s", e.From)
}

// Unknown is a reference to something that does not exist; Field is the
// member of the request that holds it.
type Unknown struct{ Field string }

func (e *Unknown) Error() string { return e.Field + " refers to nothing" }
