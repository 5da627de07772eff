package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var doubleIncrement = Fault{
	Name:      "double-increment",
	Sentence:  "a move raises the version by two and answers that it rose by one",
	Invariant: "OCC-08",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := guarded(m)
		w.Bump = 2
		moved, err := in.writeOrRefuse(ctx, w, m)
		moved.Version = m.Expected + 1
		return moved, err
	},
}
