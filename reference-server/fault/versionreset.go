package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

var versionReset = Fault{
	Name:      "version-reset",
	Sentence:  "a card that is completed, or put back to scheduled, counts as new: its version goes back to 1",
	Invariant: "OCC-08",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		if m.To != appointment.Completed && m.To != appointment.Scheduled {
			return in.store.Move(ctx, m)
		}
		return resetVersion(ctx, in, m)
	},
	etag: func(f *Fault) {
		f.Invariant = "OCC-13"
		f.Sentence, f.move = "an update counts as the first of its item: its tag is the one that the item began with", resetVersion
	},
}

func resetVersion(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
	w := newGuardedWrite(m)
	w.Reset = 1
	moved, err := in.writeOrRefuse(ctx, w, m)
	moved.Version = m.Expected + 1
	return moved, err
}
