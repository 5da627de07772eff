package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/occbench/occbench/reference-server/store"
)

// Move implements store.Store.
func (s *Store) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	return store.Decide(ctx, decision{s}, m)
}

// decision holds the two statements that decide a move.
type decision struct{ *Store }

func (d decision) Update(ctx context.Context, m store.Move) (store.Moved, bool, error) {
	moved := store.Moved{Status: m.To}
	var updated int64
	err := d.statements.move[m.To].QueryRowContext(ctx, nullIfNil(m.Position), m.ID, m.Expected).
		Scan(&moved.Position, &moved.Version, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Moved{}, false, nil
	}
	moved.UpdatedAt = toTime(updated)
	return moved, err == nil, classifyBusy(err)
}

func (d decision) Current(ctx context.Context, id int64) (store.Current, error) {
	return scanCurrent(d.statements.current.QueryRowContext(ctx, id))
}

func scanCurrent(row *sql.Row) (store.Current, error) {
	var is store.Current
	err := row.Scan(&is.Version, &is.Status)
	if errors.Is(err, sql.ErrNoRows) {
		return is, store.ErrNotFound
	}
	return is, classifyBusy(err)
}

// nullIfNil returns NULL for a nil pointer, else the number.
func nullIfNil(n *int32) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func toTime(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
