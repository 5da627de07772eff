package fault

import (
	"context"
	"errors"

	"github.com/occbench/occbench/reference-server/store"
)

var phantomFailure = Fault{
	Name:      "phantom-failure",
	Sentence:  "an update is committed and then answered with 500",
	Invariant: "OCC-11",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err == nil {
			err = errors.New("phantom-failure: the update is committed")
		}
		return moved, err
	},
}
