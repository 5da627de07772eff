package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/internal/pgtest"
	"github.com/occbench/occbench/reference-server/store"
)

// openItems opens a store with n items, all in version 1, and a connection of another client.
func openItems(t *testing.T, n int) (*Store, *pgx.Conn) {
	t.Helper()
	ctx := context.Background()
	url := pgtest.New(t)
	s, err := Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	other, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(other.Close(ctx), s.Close()); err != nil {
			t.Error(err)
		}
	})
	for i := range n {
		if _, err := s.Items().Add(ctx, fmt.Sprint(i), "open", ""); err != nil {
			t.Fatal(err)
		}
	}
	return s, other
}

func execute(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func itemUpdate(id, expected int64) update {
	return update{itemSQL, id, []any{id, expected, "taken", ""}}
}

// carryOutGroup lets updates form one group, and returns what waits for each.
func carryOutGroup(t *testing.T, s *Store, all ...update) []*waiting {
	t.Helper()
	s.groups.mu.Lock()
	s.groups.running = true
	s.groups.mu.Unlock()
	group := make([]*waiting, len(all))
	for i, u := range all {
		group[i] = s.groups.join(u)
	}
	s.groups.run()
	return group
}

// outcome is what a test looks at in an update.
type outcome struct {
	Version int64 // 0: no row matched
	Failed  bool
}

func awaitAll(s *Store, group []*waiting) []outcome {
	all := make([]outcome, len(group))
	for i, w := range group {
		done := s.groups.await(context.Background(), w)
		all[i] = outcome{done.moved.Version, done.err != nil}
	}
	return all
}

func TestGroupDecidesEachUpdate(t *testing.T) {
	s, other := openItems(t, 3)
	group := carryOutGroup(t, s, itemUpdate(2, 1), itemUpdate(1, 1), itemUpdate(1, 1), itemUpdate(3, 7), itemUpdate(9, 1))
	want := []outcome{{Version: 2}, {Version: 2}, {}, {}, {}}
	if diff := cmp.Diff(want, awaitAll(s, group)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	var transactions, written int
	err := other.QueryRow(context.Background(), "SELECT count(DISTINCT xmin::text), count(*) FROM items WHERE version = 2").
		Scan(&transactions, &written)
	if err != nil || transactions != 1 || written != 2 {
		t.Errorf("%d rows were written by %d transactions (%v), want 2 by 1", written, transactions, err)
	}
}

// An update that PostgreSQL refuses, at once or with the commit, fails alone.
func TestRefusedUpdateFailsAlone(t *testing.T) {
	for name, trigger := range map[string]string{
		"by its statement": "CREATE TRIGGER refuse BEFORE UPDATE ON items FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION refuse()",
		"by the commit": `CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON items DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION refuse()`,
	} {
		t.Run(name, func(t *testing.T) {
			s, other := openItems(t, 3)
			execute(t, other, "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'refused'; END$$")
			execute(t, other, trigger)
			group := carryOutGroup(t, s, itemUpdate(1, 1), itemUpdate(2, 1), itemUpdate(3, 1))
			want := []outcome{{Version: 2}, {Failed: true}, {Version: 2}}
			if diff := cmp.Diff(want, awaitAll(s, group)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if is, err := s.Items().Current(context.Background(), 2); err != nil || is.Version != 1 {
				t.Errorf("the refused item is in version %d (%v), want 1", is.Version, err)
			}
		})
	}
}

// A row that another client holds delays its own update and no other. The test ends only
// if the second update does not wait for the other client.
func TestHeldRowDelaysItsUpdateAlone(t *testing.T) {
	s, other := openItems(t, 2)
	execute(t, other, "BEGIN")
	execute(t, other, "SELECT FROM items WHERE id = 1 FOR UPDATE")
	group := carryOutGroup(t, s, itemUpdate(1, 1), itemUpdate(2, 1))
	if done := s.groups.await(context.Background(), group[1]); done.err != nil || done.moved.Version != 2 {
		t.Errorf("the item that is not held: version %d, %v", done.moved.Version, done.err)
	}
	execute(t, other, "COMMIT")
	if done := s.groups.await(context.Background(), group[0]); done.err != nil || done.moved.Version != 2 {
		t.Errorf("the item that was held: version %d, %v", done.moved.Version, done.err)
	}
}

// While one update waits for its row alone, others go on in groups.
func TestHeldRowDelaysNoLaterUpdate(t *testing.T) {
	ctx := context.Background()
	s, other := openItems(t, 2)
	execute(t, other, "BEGIN")
	execute(t, other, "SELECT FROM items WHERE id = 1 FOR UPDATE")
	if s.groups.join(itemUpdate(1, 1)) != nil {
		t.Fatal("the first update joined a group")
	}
	held := make(chan updated)
	go func() {
		defer s.groups.leave()
		held <- s.groups.carryOutAlone(ctx, itemUpdate(1, 1))
	}()
	if done := s.groups.carryOut(ctx, itemUpdate(2, 1)); done.err != nil || done.moved.Version != 2 {
		t.Errorf("the item that is not held: version %d, %v", done.moved.Version, done.err)
	}
	execute(t, other, "COMMIT")
	if done := <-held; done.err != nil || done.moved.Version != 2 {
		t.Errorf("the item that was held: version %d, %v", done.moved.Version, done.err)
	}
}

// After the end of a connection an update may be committed. Carried out again it would
// meet its own effect, and be refused as stale.
func TestLostConnectionIsNotRetried(t *testing.T) {
	s, other := openItems(t, 2)
	execute(t, other, "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END$$")
	execute(t, other, "CREATE TRIGGER leave BEFORE UPDATE ON items FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION leave()")
	group := carryOutGroup(t, s, itemUpdate(1, 1), itemUpdate(2, 1))
	for i, w := range group {
		done := s.groups.await(context.Background(), w)
		if done.err == nil || w.undone || errors.Is(done.err, store.ErrBusy) {
			t.Errorf("update %d: %v, carried out again: %t", i, done.err, w.undone)
		}
	}
}

func TestLeavingAGroup(t *testing.T) {
	s, _ := openItems(t, 1)
	gone, leave := context.WithCancel(context.Background())
	leave()
	w := &waiting{update: itemUpdate(1, 1), done: make(chan struct{})}
	if done := s.groups.await(gone, w); !errors.Is(done.err, context.Canceled) || done.matched {
		t.Errorf("a caller that left is told %v", done.err)
	}
}
