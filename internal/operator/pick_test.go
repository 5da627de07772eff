package operator

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// TestSteps plays a turn by hand.
func TestSteps(t *testing.T) {
	s := newStage(t, newFloor(2))
	o := s.operator(t, nil)
	card, read, err := o.Pick(context.Background())
	if err != nil || !read.OK() || card.To != "in_progress" {
		t.Fatalf("picked %+v by %+v: %v", card, read, err)
	}
	card.To = "no_show"
	if a, err := o.Update(context.Background(), card); err != nil || a.Outcome != history.Applied {
		t.Fatalf("moved %+v: %v", a, err)
	}
	if a, err := o.Update(context.Background(), card); err != nil || a.Outcome != history.Conflict {
		t.Fatalf("moved again: %+v, %v; want a conflict", a, err)
	}
	want := []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → no_show: applied v2 no_show", "update 1: card 1 v1 → no_show: conflict 409 v2 no_show"}
	if diff := cmp.Diff(want, s.story()); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if len(s.slept) != 0 {
		t.Errorf("slept %v", s.slept)
	}
}

func TestMoveRefuses(t *testing.T) {
	s := newStage(t, newFloor(2))
	o := s.operator(t, nil)
	card, _, err := o.Pick(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for name, change := range map[string]func(c *Picked) context.Context{
		"an illegal move":     func(c *Picked) context.Context { c.To = "completed"; return context.Background() },
		"a move to the same":  func(c *Picked) context.Context { c.To = c.State; return context.Background() },
		"an unknown status":   func(c *Picked) context.Context { c.To = "archived"; return context.Background() },
		"a record of another": func(c *Picked) context.Context { c.ID = "3"; return context.Background() },
		"a card made up":      func(c *Picked) context.Context { *c = Picked{}; return context.Background() },
		"version 0":           func(c *Picked) context.Context { c.Token = 0; return context.Background() },
		"the run is over":     func(*Picked) context.Context { return over },
	} {
		c := card
		if a, err := o.Update(change(&c), c); err == nil {
			t.Errorf("%s was sent: %+v", name, a)
		}
	}
	if _, _, err := o.Pick(over); !errors.Is(err, context.Canceled) {
		t.Errorf("picking when the run is over: %v", err)
	}
	if s.moves != 0 || s.boards != 1 {
		t.Errorf("%d moves and %d boards were asked for, want 0 and 1", s.moves, s.boards)
	}
}

// TestWalksAreLegal holds that no walk asks for what the contract forbids, not
// even after a lost race.
func TestWalksAreLegal(t *testing.T) {
	states := &apitest.Appointments(t).States
	for _, walk := range []workload.Walk{workload.Cycle, workload.Forward} {
		for _, from := range append(states.Names, "archived", "") {
			if to, ok := states.Next(walk.String(), from); ok && !states.IsLegal(from, to) {
				t.Errorf("%s: %s to %s", walk, from, to)
			}
			for _, wanted := range states.Names {
				if to, ok := chooseState(states, walk, from, wanted); ok && !states.IsLegal(from, to) {
					t.Errorf("%s, wanted %s: %s to %s", walk, wanted, from, to)
				}
			}
		}
	}
}

// TestWalkLengths holds that a cycle never ends and a forward walk takes three
// moves.
func TestWalkLengths(t *testing.T) {
	states := &apitest.Appointments(t).States
	for walk, want := range map[workload.Walk]int{workload.Cycle: 100, workload.Forward: 3} {
		moves, status := 0, "scheduled"
		for next, ok := states.Next(walk.String(), status); ok && moves < 100; next, ok = states.Next(walk.String(), status) {
			status = next
			moves++
		}
		if moves != want {
			t.Errorf("%s ends after %d moves, want %d", walk, moves, want)
		}
	}
}

func TestRoster(t *testing.T) {
	r := NewRoster([]string{"b", "a", "b", "c"})
	if diff := cmp.Diff([]string{"b", "a", "c"}, r.IDs()); diff != "" || r.Len() != 3 || r.ID(2) != "c" {
		t.Errorf("roster (-want +got):\n%s", diff)
	}
	if i, ok := r.Index("a"); i != 1 || !ok {
		t.Errorf("a is at %d, %v", i, ok)
	}
	if _, ok := r.Index("d"); ok {
		t.Error("d is in the roster")
	}
}

func TestNewRefuses(t *testing.T) {
	client, err := client.New(client.Config{API: apitest.OneWay(t), Target: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	good := Config{Shop: client, Roster: NewRoster([]string{"1"}), Picker: mustPick(t, "first").NewPicker(1, 1, 1), Number: 1}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"no shop":           func(c *Config) { c.Shop = nil },
		"no roster":         func(c *Config) { c.Roster = nil },
		"an empty roster":   func(c *Config) { c.Roster = NewRoster(nil) },
		"number 0":          func(c *Config) { c.Number = 0 },
		"negative attempts": func(c *Config) { c.Attempts = -1 },
		"too many attempts": func(c *Config) { c.Attempts = 256 },
		"a negative budget": func(c *Config) { c.Budget = -1 },
		"a negative stride": func(c *Config) { c.Stride = -1 },
		"a past refresh":    func(c *Config) { c.Refresh = -1 },
		"a share above 1":   func(c *Config) { c.DoubleUpdates = 1.1 },
	} {
		cfg := good
		change(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestStride holds that an operator who walks on stays on the cards that its
// stride leads to, round the end of the list too.
func TestStride(t *testing.T) {
	s := newStage(t, newFloor(7))
	own := mustPick(t, "own")
	o := s.operator(t, func(c *Config) {
		c.Number, c.Stride, c.Walk = 2, own.Stride(3), workload.Forward
		c.Picker = own.NewPicker(7, 2, 3)
	})
	for range 6 {
		if _, err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Turn(context.Background()); !errors.Is(err, ErrExhausted) {
		t.Errorf("a turn after its own cards are done: %v", err)
	}
	for i, c := range s.cards {
		if done := c.Status == "completed"; done != (i%3 == 2) {
			t.Errorf("card %s ends %s", c.ID, c.Status)
		}
	}
}
