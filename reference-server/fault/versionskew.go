package fault

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/store"
)

var versionSkew = Fault{
	Name:      "version-skew",
	Sentence:  "the version of the answer is read by a second query after the commit, so it may be that of another update",
	Invariant: "OCC-02",
	Rate:      1,
	Races:     true,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err != nil {
			return moved, err
		}
		time.Sleep(gap)
		is, err := in.store.Current(ctx, m.ID)
		moved.Version = is.Version
		return moved, err
	},
	// A refusal there tells no tag, so a loser cannot follow within the gap of its
	// winner: it takes a load with hardly any thinking.
	etag: func(f *Fault) { f.Races = false },
}
