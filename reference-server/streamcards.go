package refserver

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// fewCards is up to how many changed cards are read one by one; for more,
// one query of the whole date is cheaper.
const fewCards = 8

// tellCards sends changed cards to the listeners of their dates, as the store
// holds them. When it cannot read them, the listeners have to.
func (a *api) tellCards(h *hub, ids map[int64]bool) {
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	days := map[time.Time][]*listener{}
	for _, l := range h.listeners() {
		days[l.day] = append(days[l.day], l)
	}
	cards, err := a.readChangedCards(ctx, ids, days)
	if err != nil {
		a.log.Error("reading cards for the stream", "error", err)
		h.reset()
		return
	}
	for i := range cards {
		event := encodeCardEvent(&cards[i])
		for _, l := range days[cards[i].Start.UTC().Truncate(24*time.Hour)] {
			l.offer(event)
		}
	}
}

// readChangedCards reads the cards below the faults: a few by id, in that order, so
// that what changed together is always told alike; of many, the dates that have listeners. A card of another date is left out.
func (a *api) readChangedCards(ctx context.Context, ids map[int64]bool, days map[time.Time][]*listener) ([]appointment.Card, error) {
	var changed []appointment.Card
	if len(ids) <= fewCards {
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			card, err := a.opts.Store.Card(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			changed = append(changed, card)
		}
		return changed, nil
	}
	for day := range days {
		cards, err := a.opts.Store.Board(ctx, day)
		if err != nil {
			return nil, err
		}
		for _, card := range cards {
			if id, ok := parseID(card.ID); ok && ids[id] {
				changed = append(changed, card)
			}
		}
	}
	return changed, nil
}

// encodeCardEvent writes the event of a card. Its JSON holds no line break, which
// would end the event's data.
func encodeCardEvent(c *appointment.Card) []byte {
	w := &jx.Writer{Buf: make([]byte, 0, cardSize+64)}
	w.RawStr("event: card\nid: " + c.ID + "-" + strconv.FormatInt(c.Version, 10) + "\ndata: ")
	appendCard(w, c)
	w.RawStr("\n\n")
	return w.Buf
}
