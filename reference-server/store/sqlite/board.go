package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// Board implements store.Store.
func (s *Store) Board(ctx context.Context, day time.Time) (cards []appointment.Card, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("reading the board of %s: %w", day.Format(time.DateOnly), classifyBusy(err))
		}
	}()
	rows, err := s.statements.board.QueryContext(ctx, day.UnixMicro(), day.AddDate(0, 0, 1).UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		card, err := scanCard(rows)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, rows.Err()
}

// Card implements store.Store.
func (s *Store) Card(ctx context.Context, id int64) (appointment.Card, error) {
	card, err := scanCard(s.statements.card.QueryRowContext(ctx, id))
	if errors.Is(err, sql.ErrNoRows) {
		return card, store.ErrNotFound
	}
	if err != nil {
		return card, fmt.Errorf("reading appointment %d: %w", id, classifyBusy(err))
	}
	return card, nil
}

// scanCard reads one row of cardColumns.
func scanCard(row interface{ Scan(...any) error }) (appointment.Card, error) {
	var c appointment.Card
	var start, end, updated int64
	err := row.Scan(&c.ID, &c.CustomerID, &c.VehicleID, &start, &end, &c.Status, &c.Position, &c.Version,
		&c.Notes, &updated, &c.CustomerName, &c.Make, &c.Model, &c.Year)
	c.Start, c.End, c.UpdatedAt = toTime(start), toTime(end), toTime(updated)
	return c, err
}
