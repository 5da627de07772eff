package refserver

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

const (
	// tellPause is the least time between two readings for the streams. A busy
	// shop changes a card many times in it, and boards show the last.
	tellPause = 50 * time.Millisecond
	// fewCards is up to how many changed cards are read one by one; for more,
	// one query of the whole date is cheaper.
	fewCards = 8
)

// run tells of changes until its last listener has left.
func (h *hub) run(idle chan struct{}) {
	for {
		select {
		case id := <-h.changes:
			h.round(id)
		case <-idle:
			return
		case <-h.stopped:
			return
		}
		select {
		case <-time.After(tellPause):
		case <-idle:
			return
		case <-h.stopped:
			return
		}
	}
}

// round takes all changes that wait and tells of them.
func (h *hub) round(first int64) {
	ids := map[int64]bool{first: true}
	for more := true; more; {
		select {
		case id := <-h.changes:
			ids[id] = true
		default:
			more = false
		}
	}
	if h.overrun.Swap(false) {
		h.reset()
		return
	}
	h.tell(h, ids)
}

// reset tells everybody to read anew.
func (h *hub) reset() {
	for _, l := range h.listeners() {
		l.reset()
	}
}

// tellCards sends changed cards to the listeners of their dates, as the store
// holds them. When it cannot read them, the listeners have to.
func (s *Server) tellCards(h *hub, ids map[int64]bool) {
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	days := map[time.Time][]*listener{}
	for _, l := range h.listeners() {
		days[l.day] = append(days[l.day], l)
	}
	cards, err := s.changedCards(ctx, ids, days)
	if err != nil {
		s.log.Error("reading cards for the stream", "error", err)
		h.reset()
		return
	}
	for i := range cards {
		event := cardEvent(&cards[i])
		for _, l := range days[cards[i].Start.UTC().Truncate(24*time.Hour)] {
			l.offer(event)
		}
	}
}

// changedCards reads the cards below the faults: a few by id, in that order, so
// that what changed together is always told alike; of many, the dates that
// somebody listens to. A card of another date is nobody's concern.
func (s *Server) changedCards(ctx context.Context, ids map[int64]bool, days map[time.Time][]*listener) ([]appointment.Card, error) {
	var changed []appointment.Card
	if len(ids) <= fewCards {
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			card, err := s.opts.Store.Card(ctx, id)
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
		cards, err := s.opts.Store.Board(ctx, day)
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

// cardEvent writes the event of a card. Its JSON holds no line break, which
// would end the event's data.
func cardEvent(c *appointment.Card) []byte {
	w := &jx.Writer{Buf: make([]byte, 0, cardSize+64)}
	w.RawStr("event: card\nid: " + c.ID + "-" + strconv.FormatInt(c.Version, 10) + "\ndata: ")
	appendCard(w, c)
	w.RawStr("\n\n")
	return w.Buf
}
