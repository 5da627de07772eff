package fault

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/store"
)

var checkThenAct = Fault{
	Name:      "check-then-act",
	Sentence:  "a SELECT compares the version, then an UPDATE without it writes; two updates fit in between",
	Invariant: "OCC-01",
	Rate:      1,
	Races:     true,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		if err := in.findRefusal(ctx, m); err != nil {
			return store.Moved{}, err
		}
		time.Sleep(gap)
		return in.writeOrRefuse(ctx, newUnguardedWrite(m), m)
	},
}
