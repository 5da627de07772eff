package operator

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/workload"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// TestReferenceServer plays against the real thing on its embedded store.
func TestReferenceServer(t *testing.T) {
	day := time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC)
	cards := refservertest.Open(t, "sqlite", "")
	refservertest.Fill(t, cards, day, 6)
	server := httptest.NewServer(refservertest.New(t, refserver.Options{Store: cards}).Handler())
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
