package fault

import (
	"context"
	"errors"

	"github.com/occbench/occbench/reference-server/store"
)

var retryOnConflict = Fault{
	Name:      "retry-on-conflict",
	Sentence:  "a stale move is not refused: the server reads the new version and tries again with that until it wins",
	Invariant: "OCC-01",
	Rate:      1,
	Races:     true,
	move:      insist,
}

func insist(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
	moved, err := in.store.Move(ctx, m)
	var stale *store.Stale
	if !errors.As(err, &stale) {
		return moved, err
	}
	for version := stale.Version; ; {
		moved, ok, err := in.back.Write(ctx, store.Write{ID: m.ID, Expected: version, Status: m.To, Position: m.Position, Bump: 1})
		if ok || err != nil {
			return moved, err
		}
		is, err := in.current(ctx, m.ID)
		if err != nil {
			return moved, err
		}
		version = is.Version
	}
}
