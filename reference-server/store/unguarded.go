package store

import (
	"context"

	"github.com/occbench/occbench/reference-server/appointment"
)

// Unguarded is the back door through which faults write. The server never uses
// it.
type Unguarded interface {
	// Write changes a record as told and returns the row as written; false means
	// that no row matched.
	Write(ctx context.Context, w Write) (Moved, bool, error)
}

// Write is an UPDATE with a part of its safeguards left out.
type Write struct {
	ID       int64
	Expected int64                // 0: whatever the version is
	From     []appointment.Status // empty: whatever the status is
	Status   appointment.Status   // empty: as it is
	Position *int32               // nil: as it is
	Note     *string              // of an item; nil: as it is
	Bump     int64                // added to the version
	Reset    int64                // when not 0, the version, instead of Bump
	Rollback bool                 // undo it all after the row was returned
}
