package refserver

import (
	"context"
	"net/http"
	"time"
)

// board answers with all cards of a date. Requests that wait at the same time
// get the same bytes.
func (a *api) board(w http.ResponseWriter, r *http.Request) {
	day, ok := a.day(w, r)
	if !ok {
		return
	}
	body, err := a.boards.get(r.Context(), day)
	if r.Context().Err() != nil {
		return // the client is gone
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	send(w, http.StatusOK, body)
}

// readBoard makes the answer for a date.
func (a *api) readBoard(day time.Time) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	cards, err := a.store.Board(ctx, day)
	if err != nil {
		return nil, err
	}
	return appendBoard(nil, day, cards), nil
}
