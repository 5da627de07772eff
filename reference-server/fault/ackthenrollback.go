package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var ackThenRollback = Fault{
	Name:      "ack-then-rollback",
	Sentence:  "an update is acknowledged from within a transaction that is then rolled back",
	Invariant: "OCC-03",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := newGuardedWrite(m)
		w.Rollback = true
		return in.writeOrRefuse(ctx, w, m)
	},
}
