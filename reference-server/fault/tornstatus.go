package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var tornStatus = Fault{
	Name:      "torn-status",
	Sentence:  "an update raises the version and is acknowledged, but the old content stays in the store",
	Invariant: "OCC-09",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := newGuardedWrite(m)
		w.Status, w.Note = "", nil
		moved, err := in.writeOrRefuse(ctx, w, m)
		moved.Status = m.To
		return moved, err
	},
}
