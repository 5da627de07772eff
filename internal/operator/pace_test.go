package operator

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/appointment"
)

// constant returns a backoff that always waits the same time.
func constant(wait time.Duration) workload.Backoff {
	kind := "exponential" // whose limit is reached at once
	if wait == 0 {
		kind = "none"
	}
	b, err := workload.ParseBackoff(kind, wait, wait)
	if err != nil {
		panic(err)
	}
	return b
}

// TestDeadServer holds that an operator neither spins against a server that is
// down nor gives up: the waits grow to a second and stay below it.
func TestDeadServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	s := newStageAt(t, newFloor(1), "http://"+listener.Addr().String())
	o := s.operator(t, nil)
	for range 12 {
		r, err := o.Turn(context.Background())
		if err != nil || r.Outcome != history.NoAnswer || r.Err == nil {
			t.Fatalf("result %+v, error %v", r, err)
		}
	}
	if len(s.slept) != 12 {
		t.Fatalf("slept %v, want once a turn", s.slept)
	}
	ceiling := 50 * time.Millisecond
	for i, d := range s.slept {
		if d < ceiling/2 || d > ceiling {
			t.Errorf("wait %d is %s, want %s to %s", i+1, d, ceiling/2, ceiling)
		}
		ceiling = min(2*ceiling, time.Second)
	}
}

// TestRecoveredServer holds that a good turn ends the growing.
func TestRecoveredServer(t *testing.T) {
	s := newStage(t, newFloor(1))
	s.onBoard = func(n int) *reply {
		if n%6 != 0 {
			return &reply{status: 500}
		}
		return nil
	}
	o := s.operator(t, nil)
	for range 7 {
		if _, err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if last := s.slept[len(s.slept)-1]; len(s.slept) != 6 || last > 50*time.Millisecond {
		t.Errorf("slept %v, want five growing waits and a short one", s.slept)
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		name   string
		status int
		after  string
		board  bool
		least  time.Duration
		most   time.Duration
	}{
		{"throttled move", 429, "3", false, 3 * time.Second, 3 * time.Second},
		{"throttled move, an hour", 429, "3600", false, maxRetryAfter, maxRetryAfter},
		{"throttled move without a wish", 429, "", false, 25 * time.Millisecond, 50 * time.Millisecond},
		{"throttled board", 429, "2", true, 2 * time.Second, 2 * time.Second},
		{"busy store", 503, "1", false, time.Second, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, newFloor(1))
			r := &reply{status: tt.status, header: map[string]string{"Retry-After": tt.after}}
			if tt.board {
				s.onBoard = func(int) *reply { return r }
			} else {
				s.onMove = func(int, *appointment.Card) *reply { return r }
			}
			if _, err := s.operator(t, nil).Turn(context.Background()); err != nil {
				t.Fatal(err)
			}
			if len(s.slept) != 1 || s.slept[0] < tt.least || s.slept[0] > tt.most {
				t.Errorf("slept %v, want %s to %s", s.slept, tt.least, tt.most)
			}
		})
	}
}

// TestSameSeed holds that picks and times depend on the seed and the number
// alone, not on what the server does.
func TestSameSeed(t *testing.T) {
	type choice struct {
		card  string
		think time.Duration
	}
	play := func(seed uint64, number int32, rough bool) (choices []choice) {
		s := newStage(t, newFloor(50))
		if rough {
			s.onMove = func(n int, c *appointment.Card) *reply {
				if n%3 == 0 {
					s.put(c, "in_progress", "ready")
				}
				return nil
			}
		}
		roster := []string{}
		for _, c := range s.cards {
			roster = append(roster, c.ID)
		}
		var now choice
		o := s.operatorOn(t, NewRoster(roster), func(c *Config) {
			c.RandSeed, c.Number = seed, number
			c.Picker = mustPick(t, "uniform").NewPicker(50, 1, 1)
			c.Think = mustDelay(t, "exp:100ms")
			c.Pause = mustDelay(t, "uniform:1s-2s")
			c.Record = func(op *history.Op) {
				if op.Kind == history.Read && op.Attempt == 1 {
					now.card = op.Record
				}
			}
			c.Sleep = func(_ context.Context, d time.Duration) error {
				if now.card != "" {
					now.think = d
					choices = append(choices, now)
					now = choice{}
				}
				return nil
			}
		})
		for range 20 {
			if _, err := o.Turn(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		return choices
	}
	want := play(1, 1, false)
	if len(want) != 20 {
		t.Fatalf("%d choices, want 20", len(want))
	}
	if diff := cmp.Diff(want, play(1, 1, true), cmp.AllowUnexported(choice{})); diff != "" {
		t.Errorf("the server changed the choices (-quiet +rough):\n%s", diff)
	}
	if cmp.Equal(want, play(2, 1, false), cmp.AllowUnexported(choice{})) || cmp.Equal(want, play(1, 2, false), cmp.AllowUnexported(choice{})) {
		t.Error("another seed or number makes the same choices")
	}
}

// TestStagger holds that operators with fixed times do not all start at once.
func TestStagger(t *testing.T) {
	starts := map[time.Duration]bool{}
	for number := range int32(20) {
		s := newStage(t, newFloor(1))
		o := s.operator(t, func(c *Config) {
			c.Number = number + 1
			c.Think, c.Pause = mustDelay(t, "250ms"), mustDelay(t, "250ms")
		})
		if _, err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
		if s.slept[0] < 0 || s.slept[0] > 500*time.Millisecond {
			t.Errorf("operator %d starts after %s, want at most a turn", number+1, s.slept[0])
		}
		starts[s.slept[0]] = true
	}
	if len(starts) != 20 {
		t.Errorf("%d different starts of 20 operators", len(starts))
	}
}
