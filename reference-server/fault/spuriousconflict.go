package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var spuriousConflict = Fault{
	Name:      "spurious-conflict",
	Sentence:  "an error of the database is answered as a conflict although the version is fresh",
	Invariant: "OCC-05",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		is, err := in.store.Current(ctx, m.ID)
		if err == nil {
			err = m.Refusal(is)
		}
		if err == nil {
			err = &store.Stale{Version: is.Version, Status: is.Status}
		}
		return store.Moved{}, err
	},
}
