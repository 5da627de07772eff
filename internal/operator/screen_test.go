package operator

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/appointment"
)

func turns(t *testing.T, o *Operator, n int) {
	t.Helper()
	for range n {
		if _, err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHeldBoard plays turns of one operator before a screen that is polled
// every 2 s, while another client moves what it shows.
func TestHeldBoard(t *testing.T) {
	tests := []struct {
		name   string
		cards  int
		floor  func(*floor)
		config func(*Config)
		turns  int
		want   []string
	}{
		{
			name: "one board serves several turns, and an operator knows its own moves", cards: 1, turns: 3,
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress",
				"update 1: card 1 v2 → ready: applied v3 ready", "update 1: card 1 v3 → in_progress: applied v4 in_progress"},
		},
		{
			name: "the screen is polled in the pause", cards: 1, turns: 2,
			config: func(c *Config) { c.Pause = workload.Fixed(5 * time.Second) },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress",
				"read 1: card 1: seen v2 in_progress", "read 1: card 1: seen v2 in_progress",
				"update 1: card 1 v2 → ready: applied v3 ready", "read 1: card 1: seen v3 ready", "read 1: card 1: seen v3 ready", "read 1: card 1: seen v3 ready"},
		},
		{
			name: "a tick within a turn is made up for after it", cards: 1, turns: 1,
			config: func(c *Config) {
				c.Think, c.Pause = workload.Fixed(3*time.Second), workload.Fixed(500*time.Millisecond)
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress", "read 1: card 1: seen v2 in_progress"},
		},
		{
			name: "an old board loses, and the refetch renews it", cards: 2, turns: 3,
			floor: func(f *floor) {
				f.onMove = func(n int, c *appointment.Card) *reply {
					if n == 1 {
						f.put(f.cards[0], "in_progress", "ready")
						f.put(f.cards[1], "in_progress")
					}
					return nil
				}
			},
			config: func(c *Config) { c.Picker = &rota{0, 1, 1} },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: applied v4 in_progress",
				"update 1: card 2 v2 → ready: applied v3 ready", "update 1: card 2 v3 → in_progress: applied v4 in_progress"},
		},
		{
			name: "who does not recover at least reads again", cards: 1, turns: 2,
			floor: func(f *floor) {
				f.onMove = func(n int, c *appointment.Card) *reply {
					if n == 1 {
						f.put(c, "in_progress")
					}
					return nil
				}
			},
			config: func(c *Config) { c.Attempts = 1 },
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress",
				"read 1: card 1: seen v2 in_progress", "update 1: card 1 v2 → ready: applied v3 ready"},
		},
		{
			name: "a board that cannot be read is read again", cards: 1, turns: 2,
			floor: func(f *floor) {
				f.onBoard = func(n int) *reply {
					if n == 1 {
						return &reply{status: 500}
					}
					return nil
				}
			},
			want: []string{"read 1: card 1: server_error 500", "read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress"},
		},
		{
			name: "a screen on which nothing is left to move is read once more", cards: 1, turns: 2,
			floor: func(f *floor) {
				f.put(f.cards[0], "in_progress", "ready")
				f.onBoard = func(n int) *reply {
					if n == 2 {
						f.put(f.cards[0], "ready") // reopened
					}
					return nil
				}
			},
			config: func(c *Config) { c.Walk = workload.Forward },
			want: []string{"read 1: card 1: seen v3 ready", "update 1: card 1 v3 → completed: applied v4 completed",
				"read 1: card 1: seen v5 ready", "update 1: card 1 v5 → completed: applied v6 completed"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, newFloor(tt.cards))
			if tt.floor != nil {
				tt.floor(s.floor)
			}
			o := s.operator(t, func(c *Config) {
				c.Refresh, c.Backoff = 2*time.Second, constant(0)
				if tt.config != nil {
					tt.config(c)
				}
			})
			o.started = true // no stagger
			turns(t, o, tt.turns)
			if diff := cmp.Diff(tt.want, s.story()); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			checkLines(t, s.lines)
		})
	}
}

// TestScreenGrid holds when a board is current and when the next poll is due.
func TestScreenGrid(t *testing.T) {
	s := screen{every: 100}
	if s.isCurrent(0) {
		t.Error("an empty screen is current")
	}
	s.setGrid(30)
	s.setGrid(55) // too late
	s.noteReading(135, true)
	for _, c := range []struct {
		now, tick, next int64
		current         bool
	}{
		{now: 135, tick: 130, next: 230, current: true},
		{now: 229, tick: 130, next: 230, current: true},
		{now: 230, tick: 230, next: 230},
		{now: 329, tick: 230, next: 329},
		{now: 10, tick: -70, next: 30, current: true},
	} {
		if tick, next, current := s.lastTick(c.now), s.nextPoll(c.now), s.isCurrent(c.now); tick != c.tick || next != c.next || current != c.current {
			t.Errorf("at %d: tick %d, next %d, current %v; want %+v", c.now, tick, next, current, c)
		}
	}
	s.markOld()
	if s.isCurrent(140) || s.nextPoll(140) != 140 {
		t.Error("a spoilt board is current")
	}
}

// TestPollsAcrossManyTurns holds how often a screen is polled: once per
// refresh, whatever the turns do.
func TestPollsAcrossManyTurns(t *testing.T) {
	s := newStage(t, newFloor(5))
	o := s.operator(t, func(c *Config) {
		c.Refresh = 2 * time.Second
		c.Think, c.Pause = workload.Fixed(100*time.Millisecond), workload.Fixed(150*time.Millisecond)
	})
	o.started = true
	turns(t, o, 160) // 40 s
	polls := 0
	for _, op := range s.lines {
		if op.Kind == history.Read {
			polls++
		}
	}
	if polls < 19 || polls > 21 {
		t.Errorf("%d polls in 40 s, want one every 2 s", polls)
	}
	checkLines(t, s.lines)
}
