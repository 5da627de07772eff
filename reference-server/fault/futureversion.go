package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var futureVersion = Fault{
	Name:     "future-version",
	Sentence: "an update is refused only when its version is lower than the record's, so one that was never there is taken",
	Question: "future_token",
	Rate:     1,
	lacks:    map[string]string{items.Name: "has tags that are neither lower nor higher than others"},
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		is, err := in.store.Current(ctx, m.ID)
		if err != nil {
			return store.Moved{}, err
		}
		m.Expected = min(m.Expected, is.Version)
		return in.store.Move(ctx, m)
	},
}
