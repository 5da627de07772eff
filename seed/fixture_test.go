package seed_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/seed"
)

// tomorrow is the date that is seeded; its board is empty at first.
var tomorrow = time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)

// quick are options whose waits do not hold up a test.
func quick(records int) seed.Options {
	return seed.Options{Date: tomorrow, Records: records, Backoff: time.Millisecond, Settle: time.Millisecond}
}

// wrap puts something between the client and the reference server.
type wrap func(http.Handler) http.Handler

// start serves the reference server with what is put around it.
func start(t testing.TB, kind, databaseURL string, around wrap) string {
	t.Helper()
	handler := refservertest.New(t, refserver.Options{Store: refservertest.Open(t, kind, databaseURL)}).Handler()
	if around != nil {
		handler = around(handler)
	}
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	return listening.URL
}

// newClient returns a client of a target for the date that is seeded.
func newClient(t testing.TB, target string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// records returns the records of the board that carry a tag.
func records(t testing.TB, target, tag string) []client.Record {
	t.Helper()
	board := client.List{Tags: true}
	if answer := newClient(t, target).List(context.Background(), &board); !answer.OK() {
		t.Fatal(answer.Failure())
	}
	var ours []client.Record
	for _, c := range board.Records {
		if client.HasTag(c.Tag, tag) {
			ours = append(ours, *c)
		}
	}
	return ours
}

// post makes one creating call and returns the new id.
func post(t testing.TB, target, path, body string) string {
	t.Helper()
	got, err := newClient(t, target).Do(context.Background(), http.MethodPost, path, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Data struct{ ID string } }
	if err := json.Unmarshal(got.Body, &answer); err != nil || got.Status != http.StatusCreated {
		t.Fatalf("POST %s: HTTP %d %s", path, got.Status, got.Body)
	}
	return answer.Data.ID
}

// book makes an appointment that is none of ours.
func book(t testing.TB, target, notes string) string {
	t.Helper()
	customer := post(t, target, "/api/admin/customers", `{"name":"Somebody"}`)
	vehicle := post(t, target, "/api/admin/vehicles", `{"customer_id":"`+customer+`","vin":"WVWZZZ1KZAW000001","year":2020,"make":"VW","model":"Polo"}`)
	code := "S" + customer
	post(t, target, "/api/admin/services", `{"code":"`+code+`","name":"Wash","base_price_cents":900,"est_minutes":10}`)
	return post(t, target, "/api/admin/appointments", `{"customer_id":"`+customer+`","vehicle_id":"`+vehicle+
		`","appt_start":"`+tomorrow+`T09:00:00Z","appt_end":"`+tomorrow+`T09:30:00Z","service_codes":["`+code+`"],"notes":"`+notes+`"}`)
}

// complete moves records to the final column.
func complete(t testing.TB, target string, ids ...client.Record) {
	t.Helper()
	c := newClient(t, target)
	for _, record := range ids {
		for i, to := range []string{"in_progress", "completed"} {
			if a := c.Update(context.Background(), &client.Attempt{ID: record.ID, To: to, Token: record.Token + int64(i)}); !a.OK() {
				t.Fatal(a.Failure())
			}
		}
	}
}

// posts reports whether a request creates something of a kind.
func posts(r *http.Request, kind string) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+kind)
}

// nth calls broken for every n-th creation of a kind, beginning with the first.
func nth(n int64, kind string, broken func(http.ResponseWriter, *http.Request, http.Handler)) wrap {
	return func(next http.Handler) http.Handler {
		var count atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if posts(r, kind) && count.Add(1)%n == 1%n {
				broken(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// answer refuses with a body of the contract's form and without any effect.
func answer(status int, code string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"ok":false,"error":{"code":"`+code+`","message":"not now"}}`)
	}
}

// applied lets the call have its effect and answers something else.
func applied(status int) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		w.WriteHeader(status)
	}
}

// dropped lets the call have its effect and closes the connection.
func dropped(_ http.ResponseWriter, r *http.Request, next http.Handler) {
	next.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// onBoard changes what board answers say.
func onBoard(change func(body string) string) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/board") {
				next.ServeHTTP(w, r)
				return
			}
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			w.WriteHeader(rec.Code)
			_, _ = io.WriteString(w, change(rec.Body.String()))
		})
	}
}

// boardText returns the board as it comes.
func boardText(t testing.TB, target string) string {
	t.Helper()
	got, err := newClient(t, target).Do(context.Background(), http.MethodGet, "/api/admin/appointments/board?date="+tomorrow, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(got.Body)
}

// prefixed serves a shop whose record ids begin with a text of JSON.
func prefixed(prefix string, next http.Handler) http.Handler {
	var plain string
	_ = json.Unmarshal([]byte(`"`+prefix+`"`), &plain)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/appointments") {
			next.ServeHTTP(w, r)
			return
		}
		r.URL.Path, r.URL.RawPath = strings.Replace(r.URL.Path, "/"+plain, "/", 1), ""
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		w.WriteHeader(rec.Code)
		_, _ = io.WriteString(w, anyID.ReplaceAllString(rec.Body.String(), `"${1}id":"`+strings.ReplaceAll(prefix, "$", "$$")))
	})
}

var anyID = regexp.MustCompile(`"(|appointment_)id":"`)
