package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// MoveSQL is the conditional UPDATE: id, version expected, status, position or
// null, legal sources. What is answered comes from the same statement that
// wrote it; a version read by a second one may be that of another transaction.
const MoveSQL = `UPDATE appointments
SET status = $3, position = coalesce($4, position), version = version + 1, updated_at = now()
WHERE id = $1 AND version = $2 AND status = ANY($5)
RETURNING position, version, updated_at`

const currentSQL = `SELECT version, status FROM appointments WHERE id = $1`

// sources holds the legal sources of each status as a parameter of MoveSQL.
var sources = func() map[appointment.Status][]string {
	all := map[appointment.Status][]string{}
	for _, to := range appointment.Statuses() {
		all[to] = toStrings(appointment.Sources(to))
	}
	return all
}()

func toStrings(statuses []appointment.Status) []string {
	var all []string
	for _, s := range statuses {
		all = append(all, string(s))
	}
	return all
}

// Move implements store.Store.
func (s *Store) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	return store.Decide(ctx, statements{s}, m)
}

// statements are the two that decide a move.
type statements struct{ *Store }

func (s statements) Update(ctx context.Context, m store.Move) (store.Moved, bool, error) {
	return s.update(ctx, m, MoveSQL, m.ID, m.Expected, string(m.To), m.Position, sources[m.To])
}

// update carries out a conditional UPDATE.
func (s *Store) update(ctx context.Context, m store.Move, sql string, args ...any) (store.Moved, bool, error) {
	done := s.groups.carryOut(ctx, update{sql, m.ID, args})
	done.moved.Status = m.To
	return done.moved, done.matched, done.err
}

func (s statements) Current(ctx context.Context, id int64) (store.Current, error) {
	return s.current(ctx, currentSQL, id)
}

func (s *Store) current(ctx context.Context, sql string, id int64) (store.Current, error) {
	var is store.Current
	err := s.pool.QueryRow(ctx, sql, id).Scan(&is.Version, &is.Status)
	if errors.Is(err, pgx.ErrNoRows) {
		return is, store.ErrNotFound
	}
	return is, classifyBusy(err)
}
