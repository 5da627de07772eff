package fault

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
)

var misplacedCard = Fault{
	Name:      "misplaced-card",
	Sentence:  "boards show a card with another status than that of its column",
	Invariant: "OCC-09",
	Rate:      0.1,
	lacks:     map[string]string{items.Name: "has no list"},
	reads:     true,
	answer: func(w http.ResponseWriter, r *http.Request, in *scene, next http.Handler) {
		held := newHeld(w)
		next.ServeHTTP(held, r)
		if r.Method == http.MethodGet && held.status == http.StatusOK {
			held.body = misplaceCard(held.body, in.pickIndex)
			w.Header().Set("Content-Length", strconv.Itoa(len(held.body)))
		}
		held.send()
	},
}

// misplaceCard gives one of the cards of a board's body another status.
func misplaceCard(body []byte, pick func(n int) int) []byte {
	member := []byte(`"status":"`)
	cards := bytes.Count(body, member)
	if cards == 0 {
		return body
	}
	at := 0
	for range pick(cards) + 1 {
		at += bytes.Index(body[at:], member) + len(member)
	}
	end := at + bytes.IndexByte(body[at:], '"')
	other := appointment.Ready
	if string(body[at:end]) == string(other) {
		other = appointment.InProgress
	}
	return append(append(append([]byte(nil), body[:at]...), other...), body[end:]...)
}

var cardTwice = Fault{
	Name:      "card-twice",
	Sentence:  "boards show a card twice",
	Invariant: "OCC-12",
	Rate:      0.1,
	lacks:     map[string]string{items.Name: "has no list"},
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		cards, err := in.shop.Board(ctx, day)
		if len(cards) == 0 {
			return cards, err
		}
		return append(cards[:len(cards):len(cards)], cards[in.pickIndex(len(cards))]), err
	},
}

var hiddenCard = Fault{
	Name:      "hidden-card",
	Sentence:  "boards leave out a card that has been moved",
	Invariant: "OCC-12",
	Rate:      0.1,
	lacks:     map[string]string{items.Name: "has no list"},
	board: func(ctx context.Context, in *scene, day time.Time) ([]appointment.Card, error) {
		cards, err := in.shop.Board(ctx, day)
		var moved []int // a card that no board has shown cannot be missed
		for i := range cards {
			if cards[i].Version > 1 {
				moved = append(moved, i)
			}
		}
		if len(moved) == 0 {
			return cards, err
		}
		gone := moved[in.pickIndex(len(moved))]
		return append(cards[:gone:gone], cards[gone+1:]...), err
	},
}
