package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// items is a store.Items, and a store.Unguarded.
type items struct{ *Store }

// Items implements store.Store.
func (s *Store) Items() store.Items { return items{s} }

// itemSQL is the conditional UPDATE of an item: id, version expected, status, note.
const (
	itemSQL = `UPDATE items SET status = $3, note = $4, version = version + 1, updated_at = now()
WHERE id = $1 AND version = $2 RETURNING 0, version, updated_at`
	findSQL        = `SELECT id, name, status, note, version, updated_at FROM items WHERE name = $1`
	itemCurrentSQL = `SELECT version, status FROM items WHERE id = $1`
	itemWriteSQL   = `UPDATE items
SET status = coalesce(nullif($2, ''), status), note = coalesce($3, note),
    version = coalesce(nullif($4::bigint, 0), version + $5), updated_at = now()
WHERE id = $1 AND ($6::bigint = 0 OR version = $6)
RETURNING status, 0, version, updated_at`
)

// Find implements store.Items.
func (s items) Find(ctx context.Context, name string) (store.Item, error) {
	item, err := scanItem(s.pool.QueryRow(ctx, findSQL, name))
	if errors.Is(err, pgx.ErrNoRows) {
		return item, store.ErrNotFound
	}
	if err != nil {
		return item, fmt.Errorf("reading an item: %w", classifyBusy(err))
	}
	return item, nil
}

func scanItem(row pgx.Row) (store.Item, error) {
	var is store.Item
	err := row.Scan(&is.ID, &is.Name, &is.Status, &is.Note, &is.Version, &is.UpdatedAt)
	return is, err
}

// Add implements store.Items.
func (s items) Add(ctx context.Context, name string, status appointment.Status, note string) (store.Item, error) {
	item, err := scanItem(s.pool.QueryRow(ctx, `INSERT INTO items (name, status, note) VALUES ($1, $2, $3)
RETURNING id, name, status, note, version, updated_at`, name, string(status), note))
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
	return s.update(ctx, m, itemSQL, m.ID, m.Expected, string(m.To), *m.Note)
}

// Current implements store.Items.
func (s items) Current(ctx context.Context, id int64) (store.Current, error) {
	return s.current(ctx, itemCurrentSQL, id)
}

// Remove implements store.Items.
func (s items) Remove(ctx context.Context, id, expected int64) error {
	done, err := s.pool.Exec(ctx, `DELETE FROM items WHERE id = $1 AND ($2::bigint = 0 OR version = $2)`, id, expected)
	if err != nil {
		return fmt.Errorf("removing item %d: %w", id, classifyBusy(err))
	}
	if done.RowsAffected() > 0 {
		return nil
	}
	is, err := s.Current(ctx, id)
	if err != nil {
		return err
	}
	return &store.Stale{Version: is.Version, Status: is.Status}
}

// Write implements store.Unguarded.
func (s items) Write(ctx context.Context, w store.Write) (store.Moved, bool, error) {
	return s.writeRow(ctx, w, itemWriteSQL, w.ID, string(w.Status), w.Note, w.Reset, w.Bump, w.Expected)
}
