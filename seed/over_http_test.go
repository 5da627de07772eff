package seed_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/seed"
)

// over seeds a target over HTTP.
func over(t testing.TB, target string, o seed.Options) (seed.Result, error) {
	t.Helper()
	return seed.SeedOverHTTP(context.Background(), client.Config{API: apitest.Appointments(t), Target: target}, o)
}

// result strips what differs from run to run.
func result(r seed.Result) seed.Result {
	r.Millis, r.IDs = 0, nil
	return r
}

// wanted returns the result of a call for appointments of tomorrow over HTTP.
func wanted(r seed.Result) seed.Result {
	r.API, r.Record, r.Date, r.Tag, r.Via = "appointments", "appointment", tomorrow, "load", "http"
	return r
}

func TestASecondCallCreatesNothing(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	want := wanted(seed.Result{Wanted: 20, Found: 0, Created: 20, Usable: 20})
	got, err := over(t, target, quick(20))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Fatalf("first call (-want +got):\n%s\n%v", diff, err)
	}
	want.Found, want.Created = 20, 0
	got, err = over(t, target, quick(20))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("second call (-want +got):\n%s\n%v", diff, err)
	}
	if !strings.HasPrefix(got.String(), "0 created") {
		t.Errorf("the second call says %q", got)
	}
	want.Wanted, want.Created, want.Usable = 30, 10, 30
	got, err = over(t, target, quick(30))
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("call for more (-want +got):\n%s\n%v", diff, err)
	}
}

func TestNeverFewerThanTheMinimum(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	if got, err := over(t, target, quick(1)); err != nil || got.Created != seed.Minimum {
		t.Errorf("created %d records, want %d; %v", got.Created, seed.Minimum, err)
	}
}

func TestWhatCountsAsOurs(t *testing.T) {
	for _, c := range []struct {
		name, notes string
		created     int
	}{
		{"a record of another", "call before noon", 8},
		{"another tag with ours as its start", "occbench:load-2", 8},
		{"our tag within a word", "xoccbench:load", 8},
		{"our tag among other words", "urgent, occbench:load; blue", 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := start(t, "sqlite", "", nil)
			book(t, target, c.notes)
			if got, err := over(t, target, quick(8)); err != nil || got.Created != c.created {
				t.Errorf("created %d records, want %d; %v", got.Created, c.created, err)
			}
		})
	}
}

func TestRecordsInTheFinalColumnAreReplaced(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	if _, err := over(t, target, quick(8)); err != nil {
		t.Fatal(err)
	}
	complete(t, target, records(t, target, "load")[:5]...)
	got, err := over(t, target, quick(8))
	want := wanted(seed.Result{Wanted: 8, Found: 8, Created: 5, Usable: 8})
	if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
		t.Errorf("after 5 of 8 were completed (-want +got):\n%s\n%v", diff, err)
	}
}

// TestTroubleMakesNoRecordTooMany seeds through servers that fail now and then.
func TestTroubleMakesNoRecordTooMany(t *testing.T) {
	for _, c := range []struct {
		name   string
		around wrap
	}{
		{"throttled", nth(2, "appointments", answer(http.StatusTooManyRequests, "throttled"))},
		{"store busy", nth(2, "appointments", answer(http.StatusServiceUnavailable, "store_busy"))},
		{"unavailable without effect", nth(3, "appointments", answer(http.StatusServiceUnavailable, "unavailable"))},
		{"unavailable with effect", nth(3, "appointments", applied(http.StatusServiceUnavailable))},
		{"server error without effect", nth(3, "appointments", answer(http.StatusInternalServerError, "internal"))},
		{"server error with effect", nth(3, "appointments", applied(http.StatusInternalServerError))},
		{"every answer a server error with effect", nth(1, "appointments", applied(http.StatusInternalServerError))},
		{"success without an id", nth(3, "appointments", applied(http.StatusOK))},
		{"answers lost with effect", nth(4, "appointments", dropped)},
		{"customers fail", nth(2, "customers", answer(http.StatusInternalServerError, "internal"))},
		{"vehicles fail with effect", nth(2, "vehicles", applied(http.StatusBadGateway))},
		{"services fail with effect", nth(2, "services", applied(http.StatusBadGateway))},
		{"board without its empty columns", onBoard(func(body string) string {
			return strings.ReplaceAll(body, `"no_show":{"items":[]}`, `"no_show":null`)
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target := start(t, "sqlite", "", c.around)
			got, err := over(t, target, quick(25))
			want := wanted(seed.Result{Wanted: 25, Created: 25, Usable: 25})
			if diff := cmp.Diff(want, result(got)); diff != "" || err != nil {
				t.Errorf("(-want +got):\n%s\n%v", diff, err)
			}
			if n := len(records(t, target, "load")); n != 25 {
				t.Errorf("the board has %d records of ours, want 25", n)
			}
		})
	}
}

func TestAServiceThatExistsIsUsed(t *testing.T) {
	target := start(t, "sqlite", "", nil)
	post(t, target, "/api/admin/services", `{"code":"OCCBENCH-OIL","name":"Oil","base_price_cents":1,"est_minutes":1}`)
	if got, err := over(t, target, quick(8)); err != nil || got.Created != 8 {
		t.Errorf("created %d records, want 8; %v", got.Created, err)
	}
}

// TestWhatCannotBeCountedIsNotMade seeds a shop whose ids no history can hold.
func TestWhatCannotBeCountedIsNotMade(t *testing.T) {
	long := strings.Repeat("x", 2000)
	target := start(t, "sqlite", "", onBoard(func(body string) string { return strings.ReplaceAll(body, `"id":"`, `"id":"`+long) }))
	for _, created := range []int{1, 0} {
		got, err := over(t, target, quick(20))
		if err == nil || !strings.Contains(err.Error(), "1 rows tagged occbench:load have an id that cannot be recorded") || got.Created != created {
			t.Errorf("created %d, want %d; %v", got.Created, created, err)
		}
	}
	if n := strings.Count(boardText(t, target), long); n != 1 {
		t.Errorf("the board has %d records, want 1", n)
	}
}

// TestIDsOfAnyText seeds shops whose ids begin with a dash, hold a comma, a
// quote, a slash or a percent sign.
func TestIDsOfAnyText(t *testing.T) {
	for _, prefix := range []string{"-", "=", "a,", `\"`, "../", "50%", "é\u202e"} {
		target := start(t, "sqlite", "", func(next http.Handler) http.Handler {
			return prefixed(prefix, next)
		})
		for _, created := range []int{10, 0} {
			if got, err := over(t, target, quick(10)); err != nil || got.Created != created || got.Usable != 10 {
				t.Errorf("%s: created %d, want %d; %d usable; %v", prefix, got.Created, created, got.Usable, err)
			}
		}
		complete(t, target, records(t, target, "load")[:2]...)
		if got, err := over(t, target, quick(10)); err != nil || got.Created != 2 {
			t.Errorf("%s: after 2 were completed, created %d; %v", prefix, got.Created, err)
		}
	}
}

// TestARefusalReportsWhatWasMade has the target refuse after five records, then
// lets a second call complete them.
func TestARefusalReportsWhatWasMade(t *testing.T) {
	var refusing atomic.Bool
	var made atomic.Int64
	refusing.Store(true)
	target := start(t, "sqlite", "", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if posts(r, "appointments") && made.Add(1) > 5 && refusing.Load() {
				answer(http.StatusForbidden, "forbidden")(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	got, err := over(t, target, quick(20))
	if got.Created != 5 || got.Usable != 5 || err == nil || !strings.Contains(err.Error(), "creating an appointment: POST /api/admin/appointments answered HTTP 403 {") {
		t.Errorf("created %d, usable %d, want 5 and 5; %v", got.Created, got.Usable, err)
	}
	refusing.Store(false)
	if got, err = over(t, target, quick(20)); err != nil || got.Created != 15 || got.Usable != 20 {
		t.Errorf("the second call created %d, usable %d, want 15 and 20; %v", got.Created, got.Usable, err)
	}
}

func TestATargetThatCannotBeSeeded(t *testing.T) {
	for _, c := range []struct {
		name    string
		around  wrap
		most    int // records that may have been made
		message string
	}{
		{"it never makes a record", nth(1, "appointments", answer(http.StatusInternalServerError, "internal")), 0, "giving up after 3 passes without a new record; 0 of 8 are there"},
		{"it is throttled for ever", nth(1, "customers", answer(http.StatusTooManyRequests, "throttled")), 0, "creating what appointments refer to: POST /api/admin/customers answered HTTP 429 {"},
		{"its board drops the notes", onBoard(func(body string) string { return strings.ReplaceAll(body, "occbench:load", "") }), 8, "appointment 1 was created and is not shown with the tag occbench:load: POST /api/admin/appointments answered HTTP 201 {"},
		{"its states are of its own", onBoard(func(body string) string { return strings.ReplaceAll(body, `"status":"scheduled"`, `"status":"parked"`) }), 8, "8 were made, as many as were missing, but only 0 of 8 are usable"},
		{"it has no board", onBoard(func(string) string { return "<html>" }), 0, "reading the board"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target := start(t, "sqlite", "", c.around)
			got, err := over(t, target, quick(8))
			if err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("the error is %v, want one with %q", err, c.message)
			}
			if got.Created > c.most {
				t.Errorf("created %d records, want at most %d", got.Created, c.most)
			}
		})
	}
}

func TestUnknownStatusesAreNamed(t *testing.T) {
	var odd atomic.Bool
	target := start(t, "sqlite", "", onBoard(func(body string) string {
		if odd.Load() {
			body = strings.Replace(body, `"status":"scheduled"`, `"status":"parked"`, 2)
		}
		return body
	}))
	if _, err := over(t, target, quick(8)); err != nil {
		t.Fatal(err)
	}
	odd.Store(true)
	got, err := over(t, target, quick(8))
	if err != nil || got.Created != 2 || got.Usable != 8 || len(got.Warnings) != 1 {
		t.Errorf("created %d, usable %d, warnings %q; want 2, 8 and one warning; %v", got.Created, got.Usable, got.Warnings, err)
	}
}

func TestBadOptions(t *testing.T) {
	for _, c := range []struct {
		name, message string
		opts          seed.Options
	}{
		{"no date", "it is not a date", seed.Options{}},
		{"a word", `seeding date "tomorrow": it is not a date; write it as YYYY-MM-DD`, seed.Options{Date: "tomorrow"}},
		{"a date in the past", "seeding 2020-01-01: no time is left on that date", seed.Options{Date: "2020-01-01"}},
		{"a tag with a space", `seeding with tag "a b"`, seed.Options{Date: tomorrow, Tag: "a b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, overHTTP := seed.SeedOverHTTP(context.Background(), client.Config{API: apitest.Appointments(t), Target: "http://127.0.0.1:1"}, c.opts)
			if overHTTP == nil || !strings.Contains(overHTTP.Error(), c.message) {
				t.Errorf("the error is %v, want one with %q", overHTTP, c.message)
			}
		})
	}
}

// TestCancel cancels in the middle of the creations.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	target := start(t, "sqlite", "", nth(10, "appointments", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel()
		next.ServeHTTP(w, r)
	}))
	got, err := seed.SeedOverHTTP(ctx, client.Config{API: apitest.Appointments(t), Target: target}, quick(200))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want that of a canceled context", err)
	}
	if n := len(records(t, target, "load")); n != got.Created || n >= 200 {
		t.Errorf("%d records are there and %d are reported, want the same and fewer than 200", n, got.Created)
	}
	got, err = over(t, target, quick(200))
	if err != nil || got.Usable != 200 {
		t.Errorf("the next call found %d, created %d, usable %d, want 200; %v", got.Found, got.Created, got.Usable, err)
	}
}

func TestUnreachable(t *testing.T) {
	o := quick(8)
	o.Attempts = 2
	_, err := seed.SeedOverHTTP(context.Background(), client.Config{API: apitest.Appointments(t), Target: "http://user:secret@127.0.0.1:1"}, o)
	if err == nil || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error is %v", err)
	}
}

func TestSeveralRecordsAtATime(t *testing.T) {
	var now, most atomic.Int64
	target := start(t, "sqlite", "", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if posts(r, "appointments") {
				n := now.Add(1)
				defer now.Add(-1)
				for was := most.Load(); n > was && !most.CompareAndSwap(was, n); was = most.Load() {
				}
				time.Sleep(time.Millisecond) // lets others arrive
			}
			next.ServeHTTP(w, r)
		})
	})
	o := quick(60)
	o.Parallel = 4
	if _, err := over(t, target, o); err != nil {
		t.Fatal(err)
	}
	if most.Load() > 4 {
		t.Errorf("%d calls were under way at once, want at most 4", most.Load())
	}
}
