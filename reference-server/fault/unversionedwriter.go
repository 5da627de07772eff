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
	Sentence:  "while a board is on its way to its reader, another endpoint changes a card's status and not its version",
	Invariant: "OCC-09",
	Rate:      0.2,
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		cards, err := in.store.Board(ctx, day)
		if err != nil || len(cards) == 0 {
			return cards, err
		}
		return cards, in.patch(ctx, cards[in.pick(len(cards))])
	},
}

// detours are legal transitions that use no card up.
var detours = map[appointment.Status]appointment.Status{
	appointment.Scheduled:  appointment.InProgress,
	appointment.InProgress: appointment.Scheduled,
	appointment.Ready:      appointment.InProgress,
	appointment.NoShow:     appointment.Scheduled,
}

func (in *scene) patch(ctx context.Context, card appointment.Card) error {
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
