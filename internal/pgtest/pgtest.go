// Package pgtest gives tests a database of a real PostgreSQL.
//
// One server is started for a test process, in a temporary folder, when the
// first test asks; it ends and leaves nothing behind however the process ends.
// A fake would agree with whatever the author of the SQL believed: deadlocks,
// lock waits and rereads after them are the server's, so the server is real.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// envURL names the variable that holds the URL of a server to use instead of a
// local one. Its user must be allowed to create databases.
const envURL = "OCCBENCH_TEST_POSTGRES"

var databases, schemas atomic.Int64

// New creates a database for one test, dropped when the test ends, and returns
// its URL. Where there is no PostgreSQL the test is skipped, or failed when the
// variable OCCBENCH_REQUIRE holds the word postgres.
func New(tb testing.TB) string {
	tb.Helper()
	server, err := serverURL()
	if absence := (errAbsent{}); errors.As(err, &absence) {
		skipTest(tb, err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("occbench_%d_%d", os.Getpid(), databases.Add(1))
	if err := runStatement(server, "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := runStatement(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	database := *server
	database.Path = "/" + name
	return database.String()
}

// CreateSchema creates an empty schema in a database of New and returns the URL under
// which it is the only one seen. It takes milliseconds where a database takes a
// second, so it is what each case of a long table gets.
func CreateSchema(tb testing.TB, databaseURL string) string {
	tb.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("case_%d", schemas.Add(1))
	if err := runStatement(u, "CREATE SCHEMA "+name); err != nil {
		tb.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

// serverURL returns the URL of the server to make databases in.
func serverURL() (*url.URL, error) {
	named := os.Getenv(envURL)
	if named == "" {
		return local()
	}
	u, err := url.Parse(named)
	if err != nil {
		return nil, fmt.Errorf("reading %s: not a URL of the form postgres://host/database", envURL)
	}
	return u, nil
}

// runStatement runs one statement on a connection of its own.
func runStatement(server *url.URL, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.String())
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", server.Redacted(), err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
