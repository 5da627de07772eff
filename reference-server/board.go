package refserver

import (
	"context"
	"net/http"
	"time"
)

// board answers with all cards of a date. Requests that wait at the same time
// get the same bytes.
func (s *Server) board(w http.ResponseWriter, r *http.Request) {
	day, ok := s.day(w, r)
	if !ok {
		return
	}
	body, err := s.boards.get(r.Context(), day)
	if r.Context().Err() != nil {
		return // the client is gone
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	send(w, http.StatusOK, body)
}

// readBoard makes the answer for a date.
func (s *Server) readBoard(day time.Time) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	cards, err := s.store.Board(ctx, day)
	if err != nil {
		return nil, err
	}
	return appendBoard(nil, day, cards), nil
}
