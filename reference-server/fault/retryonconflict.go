package fault

import (
	"context"
	"errors"

	"github.com/occbench/occbench/reference-server/store"
)

var retryOnConflict = Fault{
	Name:      "retry-on-conflict",
	Sentence:  "a stale update is not refused: the server reads the new version and tries again with that until it wins",
	Invariant: "OCC-01",
	Rate:      1,
	Races:     true,
	move:      retryUntilApplied,
}

func retryUntilApplied(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
	moved, err := in.store.Move(ctx, m)
	var stale *store.Stale
	if !errors.As(err, &stale) {
		return moved, err
	}
	for version := stale.Version; ; {
		w := newUnguardedWrite(m)
		w.Expected = version
		moved, ok, err := in.back.Write(ctx, w)
		if ok || err != nil {
			return moved, err
		}
		is, err := in.store.Current(ctx, m.ID)
		if err != nil {
			return moved, err
		}
		version = is.Version
	}
}
