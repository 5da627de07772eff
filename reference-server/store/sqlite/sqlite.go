// Package sqlite keeps appointments in a SQLite file: the store that needs
// nothing installed.
//
// SQLite has one writer at a time by nature. Moves queue for one connection
// here instead of colliding on the file's lock, where waiters poll; the guard
// against lost updates is the conditional UPDATE all the same.
package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/cenkalti/backoff/v5"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/occbench/occbench/reference-server/store"
)

//go:embed schema.sql
var schema string

// readers is the number of connections that read. Readers see the last commit
// and never wait for the writer (WAL).
const readers = 4

// openWithin is how long a file may be locked by others that open it.
const openWithin = 10 * time.Second

// Store is a store.Store, and a store.Unguarded.
type Store struct {
	write, read *sql.DB
	statements  *statements
	temporary   *folder // nil for a named file
}

// Open opens a database file and creates it and its tables where they are
// missing. With an empty path the file is a temporary one, removed by Close.
//
// A commit is in the file's log when it is acknowledged and survives the death
// of the process; it is not flushed to the disk one by one, so the last ones may
// be gone after a power cut.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{}
	if path == "" {
		dir, err := newFolder()
		if err != nil {
			return nil, fmt.Errorf("making a temporary database: %w", err)
		}
		s.temporary, path = dir, filepath.Join(dir.path, "shop.db")
	}
	if err := s.open(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database %s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) (err error) {
	if s.write, err = sql.Open("sqlite", buildDSN(path, "_txlock=immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err = s.prepareFile(ctx); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", buildDSN(path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	s.statements, err = prepareAll(ctx, s.write, s.read)
	return err
}

// prepareFile makes the tables. Servers that open one new file at once all switch it to
// WAL, which SQLite refuses to all but one without waiting, so it is tried again.
func (s *Store) prepareFile(ctx context.Context) error {
	_, err := backoff.Retry(ctx, func() (sql.Result, error) {
		done, err := s.write.ExecContext(ctx, schema)
		if err != nil && !errors.Is(classifyBusy(err), store.ErrBusy) {
			err = backoff.Permanent(err)
		}
		return done, err
	}, backoff.WithMaxElapsedTime(openWithin))
	return err
}

// buildDSN returns the data source name of a file. The path is escaped: it may hold what a URL
// would take for its own.
func buildDSN(path, extra string) string {
	file := url.URL{Scheme: "file", Opaque: url.PathEscape(path)}
	return file.String() + "?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(1000)&" +
		extra
}

// Name implements store.Store.
func (s *Store) Name() string { return "sqlite" }

// Ping implements store.Store. It reads a table: a connection that is merely
// open says nothing about the file behind it.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM appointments LIMIT 1)`).Scan(&one); err != nil {
		return fmt.Errorf("asking the database for a sign of life: %w", err)
	}
	return nil
}

// Close implements store.Store.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.temporary != nil {
		errs = append(errs, s.temporary.remove())
	}
	return errors.Join(errs...)
}

// classifyBusy returns store.ErrBusy for a lock that another process did not give up in time;
// other errors as they are.
func classifyBusy(err error) error {
	switch errorCode(err) & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", store.ErrBusy, err)
	default:
		return err
	}
}

// errorCode returns SQLite's extended result code of an error, 0 for another's.
func errorCode(err error) int {
	var refused *driver.Error
	if errors.As(err, &refused) {
		return refused.Code()
	}
	return 0
}
