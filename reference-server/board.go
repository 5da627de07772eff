package refserver

import (
	"context"
	"net/http"
	"time"
)

// answerBoard answers with all cards of a date. Requests that wait at the same time
// get the same bytes.
func (a *api) answerBoard(w http.ResponseWriter, r *http.Request) {
	day, ok := a.readDay(w, r)
	if !ok {
		return
	}
	body, err := a.boards.readShared(r.Context(), day)
	if r.Context().Err() != nil {
		return // the client is gone
	}
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	sendBody(w, http.StatusOK, body)
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
