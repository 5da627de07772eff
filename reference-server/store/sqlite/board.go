package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-faster/jx"

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
		var text sql.RawBytes
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		card, err := parseCard(text)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, rows.Err()
}

// Card implements store.Store.
func (s *Store) Card(ctx context.Context, id int64) (appointment.Card, error) {
	var text []byte
	err := s.statements.card.QueryRowContext(ctx, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return appointment.Card{}, store.ErrNotFound
	}
	var card appointment.Card
	if err == nil {
		card, err = parseCard(text)
	}
	if err != nil {
		return card, fmt.Errorf("reading appointment %d: %w", id, classifyBusy(err))
	}
	return card, nil
}

// parseCard reads the JSON of one row of selectCards.
func parseCard(row []byte) (c appointment.Card, err error) {
	d := jx.GetDecoder()
	defer jx.PutDecoder(d)
	d.ResetBytes(row)
	all, err := d.ArrIter()
	if err != nil {
		return c, err
	}
	number := func() (n int64) {
		if err == nil && all.Next() {
			n, err = d.Int64()
		}
		return n
	}
	text := func() (s string) {
		if err == nil && all.Next() {
			s, err = d.Str()
		}
		return s
	}
	id := func() string { return strconv.FormatInt(number(), 10) }
	instant := func() time.Time { return toTime(number()) }
	c = appointment.Card{
		ID: id(), CustomerID: id(), VehicleID: id(), Start: instant(), End: instant(), Status: appointment.Status(text()),
		Position: int(number()), Version: number(), Notes: text(), UpdatedAt: instant(),
		CustomerName: text(), Make: text(), Model: text(), Year: int(number()),
	}
	return c, errors.Join(err, all.Err())
}
