package fault

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

var staleBoard = Fault{
	Name:      "stale-board",
	Sentence:  "reads come from a cache that updates do not empty",
	Invariant: "OCC-07",
	Rate:      1,
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		return in.cache.getOrRead(day, in.now(), func() ([]appointment.Card, error) { return in.shop.Board(ctx, day) })
	},
	item: func(ctx context.Context, in *scene, name string) (store.Item, error) {
		return in.seen.getOrRead(name, in.now(), func() (store.Item, error) { return in.items.Find(ctx, name) })
	},
}
