package refserver_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/internal/pgtest"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
)

// A move locks one row, which can wait but not deadlock. In a real shop there
// are triggers; this one makes a move lock the card's customer too.
const customerTrigger = `
CREATE FUNCTION lock_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM FROM customers WHERE id = NEW.customer_id FOR UPDATE;
	RETURN NEW;
END $$;
CREATE TRIGGER lock_customer BEFORE UPDATE ON appointments FOR EACH ROW EXECUTE FUNCTION lock_customer();
`

// opponent is a transaction that takes the locks of a move the other way round.
type opponent struct {
	t    *testing.T
	conn *pgx.Conn
	card int64
}

// newOpponent begins its transaction by locking the customer. It looks for
// deadlocks only after an hour, so that the server's move, which looks after a
// second, is the one that PostgreSQL gives up.
func newOpponent(t *testing.T, url string, card int64) *opponent {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	o := &opponent{t, conn, card}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	o.exec(customerTrigger)
	o.exec("SET deadlock_timeout = '1h'")
	o.exec("BEGIN")
	o.exec("SELECT FROM customers FOR UPDATE")
	return o
}

func (o *opponent) exec(sql string, args ...any) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := o.conn.Exec(ctx, sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

// collide waits until a move holds the card and waits for the customer, then
// asks for the card: neither can go on. It returns when the move has been given
// up, without the card.
func (o *opponent) collide() {
	o.t.Helper()
	o.awaitMove()
	o.exec("SAVEPOINT before_the_card")
	o.exec("SELECT FROM appointments WHERE id = $1 FOR UPDATE", o.card)
	o.exec("ROLLBACK TO before_the_card")
}

// awaitMove returns when a transaction waits for one of the opponent's locks.
func (o *opponent) awaitMove() {
	o.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var waiting bool
		err := o.conn.QueryRow(context.Background(), `SELECT EXISTS (
	SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))`).Scan(&waiting)
		if err != nil {
			o.t.Fatal(err)
		}
		if waiting {
			return
		}
	}
	o.t.Fatal("no move ever waited for the opponent's lock")
}

// deadlocks returns how many deadlocks PostgreSQL has resolved in a database.
func deadlocks(t *testing.T, url string) (n int) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(ctx, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return n
}

// inBackground sends a move and returns where its reply will be.
func inBackground(t *testing.T, base string, card int64) <-chan reply {
	replies := make(chan reply, 1)
	go func() {
		r, err := try(http.MethodPost, moveURL(base, card), moveBody(appointment.InProgress, 1))
		if err != nil {
			t.Error(err)
		}
		replies <- r
	}()
	return replies
}

func TestDeadlock(t *testing.T) {
	for _, c := range []struct {
		name       string
		collisions int
		status     int
		version    int64
	}{
		{"one is retried", 1, http.StatusOK, 2},
		{"two are too many", 2, http.StatusServiceUnavailable, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := pgtest.New(t)
			s := openStore(t, "postgres", url)
			card := addCards(t, s, 1)[0]
			_, base := serve(t, refserver.Options{Store: s})
			other := newOpponent(t, url, card)
			replies := inBackground(t, base, card)
			for range c.collisions {
				other.collide()
			}
			other.exec("ROLLBACK")
			r := <-replies
			if r.status != c.status {
				t.Errorf("answered with %d, want %d (%v)", r.status, c.status, r.body)
			}
			if c.status == http.StatusServiceUnavailable && r.refusal()["code"] != string(appointment.StoreBusy) {
				t.Errorf("refused with %v", r.refusal())
			}
			if _, version := cardNow(t, base, card); version != c.version {
				t.Errorf("the card is in version %d, want %d", version, c.version)
			}
			if err := s.Close(); err != nil { // a backend reports its counts when it ends
				t.Fatal(err)
			}
			if got := deadlocks(t, url); got != c.collisions {
				t.Errorf("PostgreSQL resolved %d deadlocks, want %d", got, c.collisions)
			}
		})
	}
}

// Under repeatable read a lost race is a failed serialization. Its retry finds
// the version changed: that is a conflict, and is not tried again.
func TestSerializationFailure(t *testing.T) {
	ctx := context.Background()
	url := pgtest.New(t)
	s := openStore(t, "postgres", url+"&default_transaction_isolation=repeatable%20read")
	card := addCards(t, s, 1)[0]
	_, base := serve(t, refserver.Options{Store: s})
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	other := &opponent{t, conn, card}
	other.exec("BEGIN")
	other.exec("UPDATE appointments SET version = version + 1, status = 'no_show' WHERE id = $1", card)
	replies := inBackground(t, base, card)
	other.awaitMove()
	other.exec("COMMIT")
	if r := <-replies; r.status != http.StatusConflict || r.refusal()["current_version"] != 2.0 {
		t.Errorf("answered with %d %v, want a conflict with version 2", r.status, r.body)
	}
	if err := conn.Close(ctx); err != nil {
		t.Error(err)
	}
}
