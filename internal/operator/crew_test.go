package operator

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// crew is the history of several operators at once.
type crew struct {
	mu    sync.Mutex
	lines []history.Op
}

func (c *crew) record(op *history.Op) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, *op)
}

// play lets operators play turns on a target until each has played its share
// or the cards are exhausted, between two audits.
func (c *crew) play(t *testing.T, target, date string, operators, turns int, walk workload.Walk) {
	t.Helper()
	client, err := client.New(client.Config{API: apitest.OneWay(t), Target: target, Date: date})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdle()
	ids, err := Audit(context.Background(), client, "load", nil, c.record)
	if err != nil {
		t.Fatal(err)
	}
	roster := NewRoster(ids)
	var all sync.WaitGroup
	for number := 1; number <= operators; number++ {
		o, err := New(Config{
			Shop: client, Roster: roster, Picker: mustPick(t, "uniform").NewPicker(roster.Len(), number, operators),
			Number: int32(number), Spec: run.Spec{RandSeed: 7, Walk: walk, Backoff: constant(0)}, Record: c.record,
		})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for range turns {
				if _, err := o.Turn(context.Background()); errors.Is(err, ErrExhausted) {
					return
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if _, err := Audit(context.Background(), client, "load", nil, c.record); err != nil {
		t.Fatal(err)
	}
}

// check holds what must be true of a crew on a correct server, and returns how
// many moves were applied.
func (c *crew) check(t *testing.T) (moved int) {
	t.Helper()
	owner := map[string]int32{}
	final := map[string]int64{}
	applied := map[string]int64{}
	byOperator := map[int32][]history.Op{}
	for _, op := range c.lines {
		byOperator[op.Operator] = append(byOperator[op.Operator], op)
		switch {
		case op.Kind == history.Audit:
			final[op.Record] = op.Token
		case op.Outcome == history.Applied:
			key := fmt.Sprint(op.Record, "@", op.Expected)
			if other, taken := owner[key]; taken {
				t.Errorf("%s belongs to operators %d and %d", key, other, op.Operator)
			}
			owner[key] = op.Operator
			applied[op.Record]++
			moved++
		case op.Kind == history.Update && op.Outcome != history.Conflict:
			t.Errorf("%s", words(&op))
		}
	}
	for card, version := range final {
		if version != 1+applied[card] {
			t.Errorf("card %s ends in version %d after %d moves", card, version, applied[card])
		}
	}
	delete(byOperator, 0)
	for _, lines := range byOperator {
		checkLines(t, lines)
	}
	return moved
}

// TestCrew lets 20 operators contend for 5 cards among cards that are not
// theirs.
func TestCrew(t *testing.T) {
	f := newFloor(5)
	for i, notes := range []string{"", "occbench:load-2", "occbench:loads", "a real customer"} {
		f.add(fmt.Sprint(100+i), notes)
	}
	server := httptest.NewServer(f)
	defer server.Close()
	var c crew
	c.play(t, server.URL, "", 20, 25, workload.Cycle)
	moved := c.check(t)
	attempts, counted, conflicts := 0, 0, 0
	for _, op := range c.lines {
		if op.Kind == history.Update {
			attempts++
		}
		if op.Outcome == history.Conflict {
			conflicts++
		}
	}
	for _, n := range f.moved {
		counted += n
	}
	if attempts != f.moves || moved != counted || moved < 100 {
		t.Errorf("recorded %d attempts and %d moves, the server saw %d and %d", attempts, moved, f.moves, counted)
	}
	if conflicts == 0 {
		t.Error("20 operators on 5 cards met no conflict")
	}
	for _, card := range f.cards[5:] {
		if card.Version != 1 {
			t.Errorf("card %s with notes %q was moved", card.ID, card.Notes)
		}
	}
}

// TestCrewExhausts lets operators finish all cards.
func TestCrewExhausts(t *testing.T) {
	f := newFloor(8)
	server := httptest.NewServer(f)
	defer server.Close()
	var c crew
	c.play(t, server.URL, "", 4, 1000, workload.Forward)
	if moved := c.check(t); moved != 3*8 {
		t.Errorf("%d moves, want three a card", moved)
	}
	for _, card := range f.cards {
		if card.Status != "completed" {
			t.Errorf("card %s ends %s", card.ID, card.Status)
		}
	}
}
