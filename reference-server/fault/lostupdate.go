package fault

import (
	"context"
	"errors"

	"github.com/occbench/occbench/reference-server/store"
)

var lostUpdate = Fault{
	Name:      "lost-update",
	Sentence:  "the UPDATE has no version in its WHERE, so a stale update overwrites the one it did not see",
	Invariant: "OCC-01",
	Rate:      1,
	Races:     true,
	move:      overwriteStale,
}

// overwriteStale leaves fresh moves, legal or not, to the correct server.
func overwriteStale(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
	moved, err := in.store.Move(ctx, m)
	if stale := (*store.Stale)(nil); !errors.As(err, &stale) {
		return moved, err
	}
	return in.writeOrRefuse(ctx, newUnguardedWrite(m), m)
}
