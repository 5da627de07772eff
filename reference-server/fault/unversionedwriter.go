package fault

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

var unversionedWriter = Fault{
	Name:      "unversioned-writer",
	Sentence:  "while a read is on its way to its reader, another endpoint changes a record's content and not its version",
	Invariant: "OCC-09",
	Rate:      0.2,
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		cards, err := in.shop.Board(ctx, day)
		if err != nil || len(cards) == 0 {
			return cards, err
		}
		return cards, in.patchCard(ctx, cards[in.pickIndex(len(cards))])
	},
	item: func(ctx context.Context, in *scene, name string) (store.Item, error) {
		is, err := in.items.Find(ctx, name)
		if err != nil {
			return is, err
		}
		_, _, err = in.back.Write(ctx, store.Write{ID: is.ID, Note: new("changed by another endpoint")})
		return is, err
	},
}

// detours are legal transitions that use no card up.
var detours = map[appointment.Status]appointment.Status{
	appointment.Scheduled:  appointment.InProgress,
	appointment.InProgress: appointment.Scheduled,
	appointment.Ready:      appointment.InProgress,
	appointment.NoShow:     appointment.Scheduled,
}

func (in *scene) patchCard(ctx context.Context, card appointment.Card) error {
	to, ok := detours[card.Status]
	if !ok {
		return nil
	}
	id, err := strconv.ParseInt(card.ID, 10, 64)
	if err != nil {
		return fmt.Errorf("reading the id of a card: %w", err)
	}
	_, _, err = in.back.Write(ctx, store.Write{ID: id, From: []appointment.Status{card.Status}, Status: to})
	return err
}
