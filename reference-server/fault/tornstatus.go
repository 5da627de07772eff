package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var tornStatus = Fault{
	Name:      "torn-status",
	Sentence:  "a move raises the version and answers the new status, but the old one stays in the store",
	Invariant: "OCC-09",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := guarded(m)
		w.Status = ""
		moved, err := in.writeOrRefuse(ctx, w, m)
		moved.Status = m.To
		return moved, err
	},
}
