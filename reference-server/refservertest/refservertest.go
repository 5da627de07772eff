// Package refservertest gives tests the reference server, and appointments to update.
package refservertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/store"
)

// New returns a server; without a store in its options it has a SQLite one of its own.
func New(tb testing.TB, o refserver.Options) *refserver.Server {
	tb.Helper()
	if o.Store == nil {
		o.Store = Open(tb, "sqlite", "")
	}
	s, err := refserver.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Open opens a store until the test ends.
func Open(tb testing.TB, kind, url string) store.Store {
	tb.Helper()
	s, err := refserver.OpenStore(context.Background(), kind, url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// Fill makes n appointments of a day, tagged load, and returns their ids.
func Fill(tb testing.TB, s store.Store, day time.Time, n int) []int64 {
	tb.Helper()
	ctx := context.Background()
	must := func(id int64, err error) int64 {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return id
	}
	must(s.AddService(ctx, store.Service{Code: "OIL", Name: "Oil change", PriceCents: 4900, Minutes: 30}))
	ids := make([]int64, n)
	for i := range ids {
		customer := must(s.AddCustomer(ctx, store.Customer{Name: fmt.Sprintf("Customer %d", i), Phone: "555"}))
		vehicle := must(s.AddVehicle(ctx, store.Vehicle{Customer: customer, VIN: fmt.Sprintf("VIN%014d", i), Make: "Toyota",
			Model: "Corolla", Year: 2020}))
		start := day.Add(8*time.Hour + time.Duration(i)*time.Minute)
		ids[i] = must(s.AddAppointment(ctx, store.Appointment{
			Customer: customer, Vehicle: vehicle, Start: start, End: start.Add(time.Hour),
			Services: []string{"OIL"}, Notes: "occbench:load",
		}))
	}
	return ids
}
