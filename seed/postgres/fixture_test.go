package postgres_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/seed"
)

// tomorrow is the date that is seeded; its list is empty at first.
var tomorrow = time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)

// quick are options whose waits do not hold up a test.
func quick(records int) seed.Options {
	return seed.Options{Date: tomorrow, Records: records, Backoff: time.Millisecond, Settle: time.Millisecond}
}

// result strips what differs from run to run, and the ids.
func result(r seed.Result) seed.Result {
	r.Millis, r.IDs = 0, nil
	return r
}

// start serves the reference server over a database.
func start(t testing.TB, databaseURL string) *client.Client {
	t.Helper()
	server := refservertest.New(t, refserver.Options{Store: refservertest.Open(t, "postgres", databaseURL)})
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	c, err := client.New(config(t, listening.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

func config(t testing.TB, target string) client.Config {
	return client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow}
}

// over seeds a target over HTTP.
func over(t testing.TB, target *client.Client, o seed.Options) (seed.Result, error) {
	t.Helper()
	return seed.SeedOverHTTP(context.Background(), config(t, target.String()), o)
}

// post makes one creating call and returns the new id.
func post(t testing.TB, target *client.Client, path, body string) string {
	t.Helper()
	got, err := target.Do(context.Background(), http.MethodPost, path, []byte(body))
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
func book(t testing.TB, target *client.Client, notes string) {
	t.Helper()
	customer := post(t, target, "/api/admin/customers", `{"name":"A customer"}`)
	vehicle := post(t, target, "/api/admin/vehicles", `{"customer_id":"`+customer+`","vin":"WVWZZZ1KZAW000001","year":2020,"make":"VW","model":"Polo"}`)
	code := "S" + customer
	post(t, target, "/api/admin/services", `{"code":"`+code+`","name":"Wash","base_price_cents":900,"est_minutes":10}`)
	post(t, target, "/api/admin/appointments", `{"customer_id":"`+customer+`","vehicle_id":"`+vehicle+
		`","appt_start":"`+tomorrow+`T09:00:00Z","appt_end":"`+tomorrow+`T09:30:00Z","service_codes":["`+code+`"],"notes":"`+notes+`"}`)
}
