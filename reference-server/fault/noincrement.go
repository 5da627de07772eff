package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var noIncrement = Fault{
	Name:      "no-increment",
	Sentence:  "an update writes its content and leaves the version as it was, which it answers",
	Invariant: "OCC-02",
	Rate:      1,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := newGuardedWrite(m)
		w.Bump = 0
		return in.writeOrRefuse(ctx, w, m)
	},
	etag: func(f *Fault) { f.Invariant = "OCC-13" },
}
