package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/pgtest"
	store "github.com/occbench/occbench/reference-server/store/postgres"
	"github.com/occbench/occbench/seed"
	"github.com/occbench/occbench/seed/postgres"
)

// database returns a database with the reference server's tables.
func database(t testing.TB) string {
	t.Helper()
	databaseURL := pgtest.New(t)
	execute(t, databaseURL, store.Schema)
	return databaseURL
}

func connect(t testing.TB, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), databaseURL)
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

func execute(t testing.TB, databaseURL, sql string) {
	t.Helper()
	if _, err := connect(t, databaseURL).Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

// count returns how many rows a table has.
func count(t testing.TB, databaseURL, table string) int {
	t.Helper()
	var n int
	if err := connect(t, databaseURL).QueryRow(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBothWaysCountTheSameCards(t *testing.T) {
	databaseURL := database(t)
	target := start(t, databaseURL)
	want := seed.Result{API: "appointments", Record: "appointment", Date: tomorrow, Tag: "load", Via: "postgres", Wanted: 5000, Created: 5000, Usable: 5000}
	got, err := postgres.Seed(context.Background(), databaseURL, quick(5000))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Fatalf("first call (-want +got):\n%s\n%v", diff, err)
	}
	if links := count(t, databaseURL, "appointment_services"); links != 5000 {
		t.Errorf("%d cards have a service, want 5000", links)
	}
	want.Found, want.Created = 5000, 0
	got, err = postgres.Seed(context.Background(), databaseURL, quick(5000))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("second call (-want +got):\n%s\n%v", diff, err)
	}
	want.Via = "http"
	got, err = over(t, target, quick(5000))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("call over HTTP (-want +got):\n%s\n%v", diff, err)
	}
}

func TestRowsInTheFinalColumnAreReplaced(t *testing.T) {
	databaseURL := database(t)
	target := start(t, databaseURL)
	if _, err := postgres.Seed(context.Background(), databaseURL, quick(10)); err != nil {
		t.Fatal(err)
	}
	execute(t, databaseURL, "UPDATE appointments SET status = 'completed'")
	got, err := postgres.Seed(context.Background(), databaseURL, quick(10))
	want := seed.Result{API: "appointments", Record: "appointment", Date: tomorrow, Tag: "load", Via: "postgres", Wanted: 10, Found: 10, Created: 10, Usable: 10}
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("(-want +got):\n%s\n%v", diff, err)
	}
	book(t, target, "made after the copied rows, with an id of its own")
}

func TestConcurrentSeedersMakeNoCardTooMany(t *testing.T) {
	databaseURL := database(t)
	created := make([]int, 4)
	var group errgroup.Group
	for i := range created {
		group.Go(func() error {
			got, err := postgres.Seed(context.Background(), databaseURL, quick(100))
			created[i] = got.Created
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, databaseURL, "appointments"); n != 100 {
		t.Errorf("%d cards are there, want 100; the seeders made %d", n, created)
	}
}

func TestAFailedCopyLeavesNothing(t *testing.T) {
	databaseURL := database(t)
	execute(t, databaseURL, "ALTER TABLE appointment_services ADD CHECK (appointment_id < 50)")
	got, err := postgres.Seed(context.Background(), databaseURL, quick(100))
	if err == nil || !strings.Contains(err.Error(), "copying 100 rows into appointment_services") || got.Created != 0 || got.Usable != 0 {
		t.Errorf("created %d, usable %d, %v", got.Created, got.Usable, err)
	}
	for _, table := range []string{"customers", "vehicles", "services", "appointments", "appointment_services"} {
		if n := count(t, databaseURL, table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

func TestCleanRemovesOursAndNothingElse(t *testing.T) {
	databaseURL := database(t)
	target := start(t, databaseURL)
	book(t, target, "somebody's")
	other := quick(8)
	other.Tag = "load-2"
	for _, o := range []seed.Options{quick(30), other} {
		if _, err := over(t, target, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := postgres.Seed(context.Background(), databaseURL, quick(1000)); err != nil {
		t.Fatal(err)
	}
	// An appointment of others for a vehicle of ours keeps both.
	execute(t, databaseURL, `INSERT INTO appointments (customer_id, vehicle_id, appt_start, appt_end)
SELECT customer_id, id, now(), now() + interval '1 hour' FROM vehicles WHERE customer_id IN (SELECT id FROM customers WHERE name LIKE '% occbench:load') LIMIT 1`)
	got, err := postgres.Clean(context.Background(), databaseURL, "load")
	got.Millis = 0
	want := postgres.Cleaned{Tag: "load", Appointments: 1000, Vehicles: 24, Customers: 24}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("(-want +got):\n%s\n%v", diff, err)
	}
	left := map[string]int{}
	for _, table := range []string{"customers", "vehicles", "appointments", "appointment_services"} {
		left[table] = count(t, databaseURL, table)
	}
	if diff := cmp.Diff(map[string]int{"customers": 3, "vehicles": 3, "appointments": 10, "appointment_services": 9}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	got, err = postgres.Clean(context.Background(), databaseURL, "load")
	got.Millis = 0
	if diff := cmp.Diff(postgres.Cleaned{Tag: "load"}, got); diff != "" || err != nil {
		t.Errorf("second call (-want +got):\n%s\n%v", diff, err)
	}
}

func TestAForeignSchemaIsLeftAlone(t *testing.T) {
	for _, c := range []struct{ name, change, message string }{
		{"no tables at all", "DROP TABLE appointment_services, appointments, services, vehicles, customers",
			"table appointment_services is missing, table appointments is missing, table customers is missing"},
		{"a column of another name", "ALTER TABLE appointments RENAME version TO revision", "column appointments.version is missing"},
		{"a column that wants a value", "ALTER TABLE appointments ADD tenant text NOT NULL", "column appointments.tenant wants a value that the seeder does not know"},
		{"ids without a sequence", "ALTER TABLE vehicles ALTER id DROP IDENTITY", "reserving ids of vehicles: its column id has no sequence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			databaseURL := database(t)
			execute(t, databaseURL, c.change)
			if _, err := postgres.Seed(context.Background(), databaseURL, quick(8)); err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("the error is %v, want one with %q", err, c.message)
			}
		})
	}
}

func TestCredentialsAreInNoError(t *testing.T) {
	good := database(t)
	host := strings.SplitN(strings.TrimPrefix(good, "postgres://"), "@", 2)
	for _, c := range []struct{ name, databaseURL string }{
		{"nobody listens", "postgres://alice:hunter2@127.0.0.1:1/shop"},
		{"unknown user", "postgres://alice:hunter2@" + host[len(host)-1]},
		{"not a URL", "postgres://alice:hunter2@host:port:port/%zz"},
		{"a password that is not encoded", "postgres://alice:hunter2/#?@host/shop"},
		{"keywords", "user=alice password=hunter2 host=127.0.0.1 port=nonsense"},
		{"no such host", "postgres://alice:hunter2@no-such-host.invalid/shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			_, seeding := postgres.Seed(ctx, c.databaseURL, quick(8))
			_, cleaning := postgres.Clean(ctx, c.databaseURL, "load")
			for _, err := range []error{seeding, cleaning} {
				if err == nil {
					t.Error("no error")
				} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "alice") {
					t.Errorf("the error shows credentials: %v", err)
				}
			}
		})
	}
}

func BenchmarkSeed100000(b *testing.B) {
	databaseURL := database(b)
	for b.Loop() {
		got, err := postgres.Seed(context.Background(), databaseURL, quick(100_000))
		if err != nil || got.Usable != 100_000 {
			b.Fatal(got, err)
		}
		b.StopTimer()
		if _, err := postgres.Clean(context.Background(), databaseURL, ""); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
