package fault

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/store"
)

var versionSkew = Fault{
	Name:      "version-skew",
	Sentence:  "the version of the answer is read by a second query after the commit, so it may be another mover's",
	Invariant: "OCC-02",
	Rate:      1,
	Races:     true,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err != nil {
			return moved, err
		}
		time.Sleep(gap)
		is, err := in.current(ctx, m.ID)
		moved.Version = is.Version
		return moved, err
	},
}
