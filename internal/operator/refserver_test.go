package operator

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/workload"
	refserver "github.com/occbench/occbench/reference-server"

	"github.com/occbench/occbench/reference-server/store"
)

// TestReferenceServer plays against the real thing on its embedded store.
func TestReferenceServer(t *testing.T) {
	day := time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC)
	cards, err := refserver.OpenStore(context.Background(), "sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cards.Close(); err != nil {
			t.Error(err)
		}
	}()
	seed(t, cards, day, 6)
	subject, err := refserver.New(refserver.Options{Store: cards})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(subject.Handler())
	defer server.Close()
	var c crew
	c.play(t, server.URL, day.Format(time.DateOnly), 20, 20, workload.Cycle)
	moved := c.check(t)
	board, err := cards.Board(context.Background(), day)
	if err != nil {
		t.Fatal(err)
	}
	applied := 0
	for _, card := range board {
		applied += int(card.Version - 1)
	}
	if moved != applied || moved < 100 {
		t.Errorf("recorded %d moves, the store holds %d", moved, applied)
	}
}

func seed(t *testing.T, s store.Store, day time.Time, n int) {
	t.Helper()
	ctx := context.Background()
	must := func(id int64, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	customer := must(s.AddCustomer(ctx, store.Customer{Name: "Ada"}))
	vehicle := must(s.AddVehicle(ctx, store.Vehicle{Customer: customer, VIN: "1", Make: "Volvo", Model: "240", Year: 1987}))
	must(s.AddService(ctx, store.Service{Code: "OIL", Name: "Oil", PriceCents: 100, Minutes: 30}))
	for i := range n {
		start := day.Add(time.Duration(8+i) * time.Hour)
		must(s.AddAppointment(ctx, store.Appointment{
			Customer: customer, Vehicle: vehicle, Start: start, End: start.Add(time.Hour),
			Services: []string{"OIL"}, Notes: "occbench:load",
		}))
	}
}
