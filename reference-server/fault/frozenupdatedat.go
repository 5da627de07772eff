package fault

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
)

var frozenUpdatedAt = Fault{
	Name:     "frozen-updated-at",
	Sentence: "the board shows the same updated_at whatever happens to a card",
	Question: "updated_at",
	Rate:     1,
	lacks:    map[string]string{items.Name: "shows no time of an update"},
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		cards, err := in.shop.Board(ctx, day)
		for i := range cards {
			cards[i].UpdatedAt = day
		}
		return cards, err
	},
}
