package fault

import (
	"context"
	"errors"

	"github.com/occbench/occbench/reference-server/store"
)

var maskedConflict = Fault{
	Name:      "masked-conflict",
	Sentence:  "a stale update is refused with 422, as if what it asks for were at fault",
	Invariant: "OCC-06",
	Rate:      1,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if stale := (*store.Stale)(nil); errors.As(err, &stale) {
			err = &store.Illegal{From: stale.Status}
		}
		return moved, err
	},
}
