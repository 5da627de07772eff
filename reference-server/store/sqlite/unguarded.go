package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/occbench/occbench/reference-server/store"
)

// Write implements store.Unguarded.
func (s *Store) Write(ctx context.Context, w store.Write) (store.Moved, bool, error) {
	return s.writeRow(ctx, writeSQL(w), w, nullIfNil(w.Position))
}

// writeRow carries out an UPDATE of status, what its table alone has, version reset,
// version raised by, id, version expected.
func (s *Store) writeRow(ctx context.Context, text string, w store.Write, own any) (moved store.Moved, ok bool, err error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return moved, false, fmt.Errorf("writing record %d: %w", w.ID, classifyBusy(err))
	}
	var updated int64
	err = tx.QueryRowContext(ctx, text, string(w.Status), own, w.Reset, w.Bump, w.ID, w.Expected).
		Scan(&moved.Status, &moved.Position, &moved.Version, &updated)
	moved.UpdatedAt = toTime(updated)
	if err != nil || w.Rollback {
		back := tx.Rollback()
		if errors.Is(err, sql.ErrNoRows) {
			return store.Moved{}, false, back
		}
		return moved, err == nil, errors.Join(classifyBusy(err), back)
	}
	if err := tx.Commit(); err != nil {
		return store.Moved{}, false, fmt.Errorf("writing record %d: %w", w.ID, classifyBusy(err))
	}
	return moved, true, nil
}

func writeSQL(w store.Write) string {
	text := `UPDATE appointments
SET status = coalesce(nullif(?1, ''), status), position = coalesce(?2, position),
    version = coalesce(nullif(?3, 0), version + ?4), updated_at = ` + now + `
WHERE id = ?5 AND (?6 = 0 OR version = ?6)`
	if len(w.From) > 0 {
		text += ` AND status IN (` + quoteStatuses(w.From) + `)`
	}
	return text + ` RETURNING status, position, version, updated_at`
}
