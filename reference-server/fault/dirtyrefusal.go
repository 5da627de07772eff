package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var dirtyRefusal = Fault{
	Name:      "dirty-refusal",
	Sentence:  "an update is applied, and its version compared afterwards: it is refused as stale for its own change",
	Invariant: "OCC-04",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err == nil {
			err = &store.Stale{Version: moved.Version, Status: moved.Status}
		}
		return moved, err
	},
}
