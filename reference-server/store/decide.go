package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/reference-server/appointment"
)

// Current is a record as far as a refused move is concerned.
type Current struct {
	Version int64
	Status  appointment.Status
}

// Statements are the two that decide a move.
type Statements interface {
	// Update is the conditional UPDATE; false means that it matched no row.
	Update(ctx context.Context, m Move) (Moved, bool, error)
	// Current reads a record's version and status, or ErrNotFound.
	Current(ctx context.Context, id int64) (Current, error)
}

// Decide carries out a move: the conditional UPDATE, and when it matched no
// row one SELECT that tells why.
//
// The record may be moved between the two, which matters in one case only: a
// version from the future, refused as stale, that has become the current one
// when the SELECT looks. That read explains nothing, so the move is decided
// anew; when it happens twice the store is busy, which is true and applies
// nothing.
func Decide(ctx context.Context, s Statements, m Move) (Moved, error) {
	for range 2 {
		moved, ok, err := s.Update(ctx, m)
		if err != nil {
			return Moved{}, fmt.Errorf("moving record %d: %w", m.ID, err)
		}
		if ok {
			return moved, nil
		}
		is, err := s.Current(ctx, m.ID)
		if errors.Is(err, ErrNotFound) {
			return Moved{}, err
		}
		if err != nil {
			return Moved{}, fmt.Errorf("reading why record %d was not moved: %w", m.ID, err)
		}
		if err := m.Refusal(is); err != nil {
			return Moved{}, err
		}
	}
	return Moved{}, ErrBusy
}

// Refusal returns why a move does not apply to a record, or nil when it does.
// The version comes first: of two movers that wish the same, the loser would
// otherwise be told of an illegal transition to the status that the winner
// reached, and take its lost race for a mistake of its own.
func (m Move) Refusal(is Current) error {
	switch {
	case is.Version != m.Expected:
		return &Stale{is.Version, is.Status}
	case !m.isLegalFrom(is.Status):
		return &Illegal{is.Status}
	default:
		return nil
	}
}
