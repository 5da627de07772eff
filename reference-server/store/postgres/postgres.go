// Package postgres keeps appointments in PostgreSQL.
//
// Every call is one statement, or one transaction of a few, on a connection of
// the pool; the database decides races. Moves that wait at the same time share a
// transaction and its flush to disk, each with the statement that it would have alone.
// There is no lock of ours around a record: it would hide exactly what a load test of
// optimistic concurrency looks for.
package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/occbench/occbench/reference-server/store"
)

// Schema creates the tables, where they are missing.
//
//go:embed schema.sql
var Schema string

// schemaLock is the advisory lock under which the schema is made: CREATE TABLE
// IF NOT EXISTS fails when two servers start at once. It spells occbench.
const schemaLock = 0x6f636362656e6368

// poolSize is the number of connections unless the URL says pool_max_conns:
// more movers at once than this share a commit's flush no better.
const poolSize = 20

// connectTimeout applies unless the URL says connect_timeout.
const connectTimeout = 5 * time.Second

// Store is a store.Store, and a store.Unguarded.
type Store struct {
	pool   *pgxpool.Pool
	groups groups
}

// Open connects to the database of a URL (postgres://…) and creates the tables
// that are missing there. Statements are prepared once per connection.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", redactError(err))
	}
	if !strings.Contains(databaseURL, "pool_max_conns") {
		config.MaxConns = poolSize
	}
	// Each statement has one good plan. Left to itself PostgreSQL plans the board's
	// anew for every call, because it guesses too low what an open range of time
	// holds, and planning takes as long as reading 50 cards.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the connection pool: %w", err)
	}
	s := &Store{pool, groups{pool: pool}}
	if err := s.createSchema(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("creating the schema in %s: %w", NameDatabase(databaseURL), oneLine{err})
	}
	return s, nil
}

// NameDatabase returns a URL of a database for messages, without user and password.
func NameDatabase(databaseURL string) string {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return "the database"
	}
	return (&url.URL{Scheme: "postgres", Host: fmt.Sprintf("%s:%d", config.Host, config.Port), Path: config.Database}).Redacted()
}

// redactError returns an error about a URL without the URL, which may hold a password.
func redactError(err error) error {
	if bad := (*pgconn.ParseConfigError)(nil); errors.As(err, &bad) && bad.Unwrap() != nil {
		return bad.Unwrap()
	}
	return errors.New("it is not of the form postgres://user@host/database")
}

// oneLine joins the lines that pgx gives to the addresses it has tried.
type oneLine struct{ error }

func (e oneLine) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }
func (e oneLine) Unwrap() error { return e.error }

func (s *Store) createSchema(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(schemaLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, Schema)
		return err
	})
}

// Name implements store.Store.
func (s *Store) Name() string { return "postgres" }

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("asking the database for a sign of life: %w", err)
	}
	return nil
}

// Close implements store.Store; it waits for calls under way.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}

// classifyBusy returns store.ErrBusy where PostgreSQL gave up a transaction in favour of another
// one; other errors as they are.
func classifyBusy(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case "40P01", "40001": // deadlock_detected, serialization_failure
		return fmt.Errorf("%w: %s", store.ErrBusy, refused.Message)
	default:
		return err
	}
}
