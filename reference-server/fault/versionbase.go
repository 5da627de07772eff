package fault

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// clockBase is about now in nanoseconds since 1970, too large for a float64.
const clockBase = 1_800_000_000_000_000_000

// versionBase breaks nothing: a server that counts its versions on from a clock
// is a correct one.
var versionBase = Fault{
	Name:     "version-base",
	Sentence: "versions count on from 1,800,000,000,000,000,000, or from the number told, instead of from 0, which is correct",
	Rate:     1,
	Argument: "NUMBER",
	lacks:    map[string]string{items.Name: "has tags that count from nothing"},
	parse: func(in *scene, argument string) (err error) {
		if in.base = clockBase; argument != "" {
			in.base, err = strconv.ParseInt(argument, 10, 64)
		}
		if err != nil || in.base < 0 || in.base > 1<<62 {
			return fmt.Errorf("the number %q is not one from 0 to 2^62", argument)
		}
		return nil
	},
	wrap: func(in *scene, next store.Store) store.Store { return based{next, in.base} },
}

// based is a store whose versions are larger by a base than those behind it.
type based struct {
	store.Store
	base int64
}

func (b based) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	m.Expected -= b.base
	moved, err := b.Store.Move(ctx, m)
	if stale := (*store.Stale)(nil); errors.As(err, &stale) {
		err = &store.Stale{Version: stale.Version + b.base, Status: stale.Status}
	}
	moved.Version += b.base
	return moved, err
}

func (b based) Board(ctx context.Context, day time.Time) ([]appointment.Card, error) {
	cards, err := b.Store.Board(ctx, day)
	for i := range cards {
		cards[i].Version += b.base
	}
	return cards, err
}

func (b based) Card(ctx context.Context, id int64) (appointment.Card, error) {
	card, err := b.Store.Card(ctx, id)
	card.Version += b.base
	return card, err
}
