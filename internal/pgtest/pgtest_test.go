package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/internal/pgtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func TestDatabasesAreApart(t *testing.T) {
	ctx := context.Background()
	one, other := connect(t, pgtest.New(t)), connect(t, pgtest.New(t))
	if _, err := one.Exec(ctx, "CREATE TABLE seen (n integer)"); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := other.QueryRow(ctx, "SELECT to_regclass('seen') IS NOT NULL").Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		t.Error("a table of one test's database is seen in another's")
	}
}

func TestCommitsAreSynchronous(t *testing.T) {
	conn := connect(t, pgtest.New(t))
	var commit, fsync string
	if err := conn.QueryRow(context.Background(), "SELECT current_setting('synchronous_commit'), current_setting('fsync')").Scan(&commit, &fsync); err != nil {
		t.Fatal(err)
	}
	if commit != "on" || fsync != "on" {
		t.Errorf("synchronous_commit is %s and fsync %s, want both on: benchmarks are run here", commit, fsync)
	}
}
