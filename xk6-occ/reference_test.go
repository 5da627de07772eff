package occ_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/store"
)

// reference is the reference server on its embedded store, with so many records
// of the run on the board of 2030-01-15.
func reference(t *testing.T, records int) (url string, attempts func() int64) {
	t.Helper()
	ctx := context.Background()
	db, err := refserver.OpenStore(ctx, "sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	fill(t, db, records)
	server, err := refserver.New(refserver.Options{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	return listening.URL, func() int64 { return server.Attempts().Total() }
}

func fill(t *testing.T, db store.Store, records int) {
	t.Helper()
	ctx := context.Background()
	must := func(id int64, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	customer := must(db.AddCustomer(ctx, store.Customer{Name: "Ada Lovelace"}))
	vehicle := must(db.AddVehicle(ctx, store.Vehicle{Customer: customer, VIN: "YV1AX8840G1234567", Make: "Volvo", Model: "240", Year: 1987}))
	must(db.AddService(ctx, store.Service{Code: "OIL", Name: "Oil change", PriceCents: 4900, Minutes: 30}))
	start := time.Date(2030, 1, 15, 9, 0, 0, 0, time.UTC)
	for range records {
		must(db.AddAppointment(ctx, store.Appointment{
			Customer: customer, Vehicle: vehicle, Services: []string{"OIL"},
			Start: start, End: start.Add(time.Hour), Notes: "occbench:load",
		}))
	}
}
