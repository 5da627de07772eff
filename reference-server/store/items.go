package store

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// Items keeps texts under names that their clients chose. It is safe for
// concurrent use.
type Items interface {
	// Find returns the item of a name, or ErrNotFound.
	Find(ctx context.Context, name string) (Item, error)
	// Current reads an item's version and status, or ErrNotFound.
	Current(ctx context.Context, id int64) (Current, error)
	// Add makes an item, or returns ErrExists.
	Add(ctx context.Context, name string, status appointment.Status, note string) (Item, error)
	// Move writes an item, or returns why not: ErrNotFound, *Stale or ErrBusy, after
	// each of which nothing was written. After any other error it may have been.
	Move(ctx context.Context, m Move) (Moved, error)
	// Remove deletes an item that is in a version, 0 for any; or it returns
	// ErrNotFound or *Stale.
	Remove(ctx context.Context, id, expected int64) error
}

// Item is a text under a name. No two items ever have the same id, not even one
// after the other under the same name.
type Item struct {
	ID        int64
	Name      string
	Status    appointment.Status // any text
	Note      string
	Version   int64 // from 1
	UpdatedAt time.Time
}
