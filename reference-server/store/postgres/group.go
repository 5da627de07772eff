package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/occbench/occbench/reference-server/store"
)

const (
	// maxGroup is how many updates share a transaction at most.
	maxGroup = 128
	// groupLimit bounds the time that a group may take.
	groupLimit = 10 * time.Second
	// lockLimitSQL bounds how long the statements of one transaction wait for a row
	// that another holds. Most wait for a commit, which is shorter.
	lockLimitSQL = `SELECT set_config('lock_timeout', '100ms', true)`
)

// update is one conditional UPDATE of the row with an id. It returns the row's position,
// version and time, and nothing when no row matched.
type update struct {
	sql  string
	id   int64
	args []any
}

// updated is the result of an update.
type updated struct {
	moved   store.Moved // without its status
	matched bool
	err     error
}

// groups carries out updates. When none is under way an update goes alone. Those that
// arrive meanwhile wait, and then go together: each is a statement of its own, and all
// are one transaction, which is sent at once and flushed to disk once.
//
// The database decides each of them as if it had come alone: a statement sees what was
// committed before it began, and waits for a row that another transaction changes; and
// no update is answered before its commit. Sharing a transaction must not mean sharing
// its failure. If PostgreSQL refuses one statement, or waits too long for a row, it undoes
// the group, and each of its updates is carried out again, alone.
type groups struct {
	pool    *pgxpool.Pool
	mu      sync.Mutex
	alone   bool // an update goes alone
	running bool // a goroutine carries out groups
	waiting []*waiting
}

// waiting is an update that waits for its group.
type waiting struct {
	update
	done   chan struct{} // closed when the result is set
	result updated
	undone bool // nothing of the group was written: the result is still to be had
}

// carryOut carries out one update.
func (g *groups) carryOut(ctx context.Context, u update) updated {
	w := g.join(u)
	if w != nil {
		return g.await(ctx, w)
	}
	defer g.leave()
	return g.carryOutAlone(ctx, u)
}

// join adds an update to the next group. It returns nil when nothing is under way: then
// the update goes alone, and its caller leaves when it is done.
func (g *groups) join(u update) *waiting {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.alone && !g.running {
		g.alone = true
		return nil
	}
	w := &waiting{update: u, done: make(chan struct{})}
	g.waiting = append(g.waiting, w)
	if !g.running {
		g.running = true
		go g.run()
	}
	return w
}

func (g *groups) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.alone = false
}

// await returns what became of an update of a group. If the context ends first the
// update may still be carried out.
func (g *groups) await(ctx context.Context, w *waiting) updated {
	select {
	case <-w.done:
	case <-ctx.Done():
		return updated{err: ctx.Err()}
	}
	if w.undone {
		return g.carryOutAlone(ctx, w.update)
	}
	return w.result
}

func (g *groups) carryOutAlone(ctx context.Context, u update) updated {
	done := scanUpdated(g.pool.QueryRow(ctx, u.sql, u.args...))
	done.err = classifyBusy(done.err)
	return done
}

func scanUpdated(row pgx.Row) updated {
	var moved store.Moved
	err := row.Scan(&moved.Position, &moved.Version, &moved.UpdatedAt)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return updated{}
	case err != nil:
		return updated{err: err}
	default:
		return updated{moved: moved, matched: true}
	}
}

// run carries out groups until no update waits.
func (g *groups) run() {
	for group := g.takeGroup(); len(group) > 0; group = g.takeGroup() {
		g.carryOutGroup(group)
	}
}

// takeGroup returns the updates that wait, those that came first if they are many.
func (g *groups) takeGroup() []*waiting {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), maxGroup)
	group := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	g.running = n > 0
	return group
}

// carryOutGroup carries out a group and sets its results. Rows are locked in the order of
// their ids, so that the groups of two servers do not wait for each other.
func (g *groups) carryOutGroup(group []*waiting) {
	ctx, cancel := context.WithTimeout(context.Background(), groupLimit)
	defer cancel()
	slices.SortStableFunc(group, func(a, b *waiting) int { return cmp.Or(cmp.Compare(a.sql, b.sql), cmp.Compare(a.id, b.id)) })
	err := g.sendGroup(ctx, group)
	for _, w := range group {
		if err != nil {
			w.result, w.undone = updated{err: fmt.Errorf("writing %d records together: %w", len(group), err)}, isUndone(err)
		}
		close(w.done)
	}
}

// sendGroup returns nil when all of a group is committed.
func (g *groups) sendGroup(ctx context.Context, group []*waiting) error {
	batch := &pgx.Batch{} // pgx sends it as one transaction
	batch.Queue(lockLimitSQL)
	for _, w := range group {
		batch.Queue(w.sql, w.args...)
	}
	results := g.pool.SendBatch(ctx, batch)
	_, err := results.Exec()
	for i := 0; err == nil && i < len(group); i++ {
		group[i].result = scanUpdated(results.QueryRow())
		err = group[i].result.err
	}
	return errors.Join(err, results.Close()) // Close has the commit's own error
}

// isUndone reports whether an error says that nothing was written. An ERROR of PostgreSQL
// ends the transaction; when a connection ends instead, it may have been committed.
func isUndone(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.SeverityUnlocalized == "ERROR"
}
