package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

const cardColumns = `SELECT a.id, a.customer_id, a.vehicle_id, a.appt_start, a.appt_end, a.status, a.position, a.version,
       a.notes, a.updated_at, c.name, v.make, v.model, v.year
FROM appointments a JOIN customers c ON c.id = a.customer_id JOIN vehicles v ON v.id = a.vehicle_id
`

// BoardSQL reads the cards that start in [$1, $2).
const BoardSQL = cardColumns + `WHERE a.appt_start >= $1 AND a.appt_start < $2
ORDER BY a.position, a.appt_start, a.id`

const cardSQL = cardColumns + `WHERE a.id = $1`

// inBinary asks for every column in PostgreSQL's binary format, which row reads.
var inBinary = pgx.QueryResultFormats{pgx.BinaryFormatCode}

// Board implements store.Store.
func (s *Store) Board(ctx context.Context, day time.Time) ([]appointment.Card, error) {
	cards, err := s.cards(ctx, BoardSQL, inBinary, day, day.AddDate(0, 0, 1))
	if err != nil {
		return nil, fmt.Errorf("reading the board of %s: %w", day.Format(time.DateOnly), err)
	}
	return cards, nil
}

// Card implements store.Store.
func (s *Store) Card(ctx context.Context, id int64) (appointment.Card, error) {
	cards, err := s.cards(ctx, cardSQL, inBinary, id)
	if err == nil && len(cards) == 0 {
		err = store.ErrNotFound
	}
	if errors.Is(err, store.ErrNotFound) {
		return appointment.Card{}, err
	}
	if err != nil {
		return appointment.Card{}, fmt.Errorf("reading appointment %d: %w", id, err)
	}
	return cards[0], nil
}

// cards reads rows of cardColumns. The strings of all cards are cut from one
// text: a board of 50 has 350 of them, and an allocation for each would cost
// more than the rest of reading it.
func (s *Store) cards(ctx context.Context, sql string, args ...any) ([]appointment.Card, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, classifyBusy(err)
	}
	defer rows.Close()
	var list cardList
	for rows.Next() {
		if err := list.add(rows.RawValues()); err != nil {
			return nil, err
		}
	}
	return list.finish(), classifyBusy(rows.Err())
}
