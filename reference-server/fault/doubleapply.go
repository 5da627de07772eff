package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var doubleApply = Fault{
	Name:      "double-apply",
	Sentence:  "one request is carried out twice, as a queue does that delivers at least once",
	Invariant: "OCC-08",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err != nil {
			return moved, err
		}
		_, _, err = in.back.Write(ctx, newUnguardedWrite(m))
		return moved, err
	},
	etag: askOnly,
}
