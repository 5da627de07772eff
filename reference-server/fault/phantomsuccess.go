package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var phantomSuccess = Fault{
	Name:      "phantom-success",
	Sentence:  "an update is acknowledged and nothing is written",
	Invariant: "OCC-03",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		if err := in.findRefusal(ctx, m); err != nil {
			return store.Moved{}, err
		}
		moved := store.Moved{Status: m.To, Version: m.Expected + 1, UpdatedAt: in.now()}
		if m.Position != nil {
			moved.Position = *m.Position
		}
		return moved, nil
	},
}
