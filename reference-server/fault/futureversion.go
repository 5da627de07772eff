package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var futureVersion = Fault{
	Name:     "future-version",
	Sentence: "a move is refused only when its version is lower than the card's, so one that was never there is taken",
	Question: "future_move",
	Rate:     1,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		is, err := in.current(ctx, m.ID)
		if err != nil {
			return store.Moved{}, err
		}
		m.Expected = min(m.Expected, is.Version)
		return in.store.Move(ctx, m)
	},
}
