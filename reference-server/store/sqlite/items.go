package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// items is a store.Items, and a store.Unguarded.
type items struct{ *Store }

// Items implements store.Store.
func (s *Store) Items() store.Items { return items{s} }

// Find implements store.Items.
func (s items) Find(ctx context.Context, name string) (store.Item, error) {
	item, err := scanItem(s.statements.item.QueryRowContext(ctx, name))
	if errors.Is(err, sql.ErrNoRows) {
		return item, store.ErrNotFound
	}
	if err != nil {
		return item, fmt.Errorf("reading an item: %w", classifyBusy(err))
	}
	return item, nil
}

func scanItem(row *sql.Row) (store.Item, error) {
	var is store.Item
	var updated int64
	err := row.Scan(&is.ID, &is.Name, &is.Status, &is.Note, &is.Version, &updated)
	is.UpdatedAt = toTime(updated)
	return is, err
}

// Add implements store.Items.
func (s items) Add(ctx context.Context, name string, status appointment.Status, note string) (store.Item, error) {
	item, err := scanItem(s.write.QueryRowContext(ctx, `INSERT INTO items (name, status, note, updated_at)
VALUES (?, ?, ?, `+now+`) RETURNING id, name, status, note, version, updated_at`, name, string(status), note))
	if err != nil {
		return store.Item{}, fmt.Errorf("adding an item: %w", classifyInsert(err))
	}
	return item, nil
}

// Move implements store.Items.
func (s items) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	return store.Decide(ctx, s, m)
}

// Update implements store.Statements.
func (s items) Update(ctx context.Context, m store.Move) (store.Moved, bool, error) {
	moved := store.Moved{Status: m.To}
	var updated int64
	err := s.statements.moveItem.QueryRowContext(ctx, string(m.To), *m.Note, m.ID, m.Expected).Scan(&moved.Version, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Moved{}, false, nil
	}
	moved.UpdatedAt = toTime(updated)
	return moved, err == nil, classifyBusy(err)
}

// Current implements store.Items.
func (s items) Current(ctx context.Context, id int64) (store.Current, error) {
	return scanCurrent(s.statements.currentItem.QueryRowContext(ctx, id))
}

// Remove implements store.Items.
func (s items) Remove(ctx context.Context, id, expected int64) error {
	result, err := s.write.ExecContext(ctx, `DELETE FROM items WHERE id = ?1 AND (?2 = 0 OR version = ?2)`, id, expected)
	if err != nil {
		return fmt.Errorf("removing item %d: %w", id, classifyBusy(err))
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	is, err := s.Current(ctx, id)
	if err != nil {
		return err
	}
	return &store.Stale{Version: is.Version, Status: is.Status}
}

// Write implements store.Unguarded.
func (s items) Write(ctx context.Context, w store.Write) (store.Moved, bool, error) {
	return s.writeRow(ctx, `UPDATE items
SET status = coalesce(nullif(?1, ''), status), note = coalesce(?2, note),
    version = coalesce(nullif(?3, 0), version + ?4), updated_at = `+now+`
WHERE id = ?5 AND (?6 = 0 OR version = ?6)
RETURNING status, 0, version, updated_at`, w, w.Note)
}
