package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/reference-server/store"
)

const writeSQL = `UPDATE appointments
SET status = coalesce(nullif($2, ''), status), position = coalesce($3, position),
    version = coalesce(nullif($4::bigint, 0), version + $5), updated_at = now()
WHERE id = $1 AND ($6::bigint = 0 OR version = $6) AND ($7::text[] IS NULL OR status = ANY($7))
RETURNING status, position, version, updated_at`

// Write implements store.Unguarded.
func (s *Store) Write(ctx context.Context, w store.Write) (store.Moved, bool, error) {
	return s.writeRow(ctx, w, writeSQL, w.ID, string(w.Status), w.Position, w.Reset, w.Bump, w.Expected, toStrings(w.From))
}

// writeRow carries out an UPDATE that returns status, position, version and time.
func (s *Store) writeRow(ctx context.Context, w store.Write, sql string, args ...any) (store.Moved, bool, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return store.Moved{}, false, fmt.Errorf("writing record %d: %w", w.ID, err)
	}
	var moved store.Moved
	err = tx.QueryRow(ctx, sql, args...).
		Scan(&moved.Status, &moved.Position, &moved.Version, &moved.UpdatedAt)
	if err != nil || w.Rollback {
		back := tx.Rollback(ctx)
		if errors.Is(err, pgx.ErrNoRows) {
			return store.Moved{}, false, back
		}
		return moved, err == nil, errors.Join(classifyBusy(err), back)
	}
	if err := tx.Commit(ctx); err != nil {
		return store.Moved{}, false, fmt.Errorf("writing record %d: %w", w.ID, classifyBusy(err))
	}
	return moved, true, nil
}
