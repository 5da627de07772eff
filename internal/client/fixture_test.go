package client

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/reference-server/appointment"
)

// boardBody returns the body of a board with n records as the reference server
// writes it: about 340 bytes a record.
func boardBody(tb testing.TB, n int) []byte {
	tb.Helper()
	type items struct {
		Items []appointment.Card `json:"items"`
	}
	type columns struct {
		Scheduled  items `json:"scheduled"`
		InProgress items `json:"in_progress"`
		Ready      items `json:"ready"`
		Completed  items `json:"completed"`
		NoShow     items `json:"no_show"`
	}
	day := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	var cols columns
	for i := range n {
		column, status := &cols.Scheduled, "scheduled"
		switch i % 3 {
		case 1:
			column, status = &cols.InProgress, "in_progress"
		case 2:
			column, status = &cols.Ready, "ready"
		}
		column.Items = append(column.Items, appointment.Card{
			ID: fmt.Sprint(1000 + i), CustomerID: fmt.Sprint(i + 1), VehicleID: fmt.Sprint(i + 1),
			Start: day.Add(time.Duration(i) * 10 * time.Minute), End: day.Add(time.Duration(i+3) * 10 * time.Minute),
			Status: appointment.Status(status), Position: i / 3, Version: int64(i + 1), Notes: "occbench:load record " + fmt.Sprint(i),
			UpdatedAt: day, CustomerName: "Load Test Customer", Make: "Toyota", Model: "Corolla", Year: 2020,
		})
	}
	body, err := json.Marshal(map[string]any{
		"ok": true,
		"data": map[string]any{
			"date": "2026-11-24", "columns": cols,
			"stats": appointment.Stats{JobsToday: n, StatusCounts: map[appointment.Status]int{"scheduled": n}},
		},
	})
	if err != nil {
		tb.Fatalf("building a board: %v", err)
	}
	return body
}

// scan reads the body of a list.
func scan(by *api.API, l *List, body []byte) error {
	mem := takeRoom()
	defer mem.release()
	err := l.read(by, mem, &reply{status: 200, body: body})
	if err != nil {
		l.reset()
	}
	return err
}
