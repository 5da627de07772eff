package operator

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// clicks tells of a history with the second clicks marked.
func (s *stage) clicks() (story []string) {
	for i := range s.lines {
		line := words(&s.lines[i])
		if s.lines[i].Flags&history.Double != 0 {
			line = "again, " + line
		}
		story = append(story, line)
	}
	return story
}

// TestTwice clicks twice. The second click is sent when the first was answered,
// unless the test says that it overtakes.
func TestTwice(t *testing.T) {
	tests := []struct {
		name     string
		onMove   func(f *floor) func(int, *appointment.Card) *reply
		overtake bool
		want     []string
		result   Result
	}{
		{
			name: "the second loses against the first",
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress",
				"again, update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Applied},
		},
		{
			name: "both lose against somebody else, who did the same",
			onMove: func(f *floor) func(int, *appointment.Card) *reply {
				return func(n int, c *appointment.Card) *reply {
					if n == 1 {
						f.put(c, "in_progress")
					}
					return nil
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress",
				"again, update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress", "read 2: card 1: seen v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Conflicts: 1, Recovered: true, Outcome: history.Seen},
		},
		{
			name:     "the second overtakes the first, whose conflict needs no recovery",
			overtake: true,
			want: []string{"read 1: card 1: seen v1 scheduled", "again, update 1: card 1 v1 → in_progress: applied v2 in_progress",
				"update 1: card 1 v1 → in_progress: conflict 409 v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Applied},
		},
		{
			name: "the first breaks, the second does it",
			onMove: func(f *floor) func(int, *appointment.Card) *reply {
				return func(n int, c *appointment.Card) *reply {
					if n == 1 {
						return &reply{status: 500}
					}
					return nil
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: server_error 500",
				"again, update 1: card 1 v1 → in_progress: applied v2 in_progress"},
			result: Result{Record: "1", Attempts: 1, Outcome: history.Applied},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, newFloor(1))
			if tt.onMove != nil {
				s.onMove = tt.onMove(s.floor)
			}
			o := s.operator(t, func(c *Config) {
				c.DoubleUpdates, c.Backoff = 1, constant(0)
				newDuel(t, s, tt.overtake).join(t, c)
			})
			got, err := o.Turn(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got.Err = nil
			if diff := cmp.Diff(tt.result, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, s.clicks()); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
		})
	}
}

// duel decides which of two clicks is answered first.
type duel struct {
	stage    *stage
	overtake bool
	posts    atomic.Int32
	over     atomic.Bool   // the answer to the click that comes first is in
	entered  chan struct{} // the first click was sent
	decided  chan struct{} // the click that comes first has its end
}

func newDuel(t *testing.T, s *stage, overtake bool) *duel {
	t.Helper()
	return &duel{stage: s, overtake: overtake, entered: make(chan struct{}), decided: make(chan struct{})}
}

// join makes the operator of a configuration fight it.
func (d *duel) join(t *testing.T, c *Config) {
	t.Helper()
	client, err := client.New(client.Config{API: apitest.OneWay(t), Target: d.stage.target, Transport: d, Clock: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	c.Shop = client
	c.Sleep = func(context.Context, time.Duration) error {
		if d.overtake {
			<-d.entered
		} else {
			<-d.decided
		}
		return nil
	}
}

func (d *duel) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost {
		return http.DefaultTransport.RoundTrip(r)
	}
	n := d.posts.Add(1)
	if n == 1 {
		close(d.entered)
		if d.overtake {
			<-d.decided
		}
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if n == 1 && !d.overtake || n == 2 && d.overtake {
		d.over.Store(true)
	}
	return response, err
}

// clock is looked at next by the click whose answer has come.
func (d *duel) clock() int64 {
	now := d.stage.now.Add(1)
	if d.over.CompareAndSwap(true, false) {
		close(d.decided)
	}
	return now
}

// TestShareOfDoubleMoves holds that the share is kept and that the seed says
// which moves they are.
func TestShareOfDoubleMoves(t *testing.T) {
	play := func(seed uint64) (doubles []string) {
		s := newStage(t, newFloor(3))
		o := s.operator(t, func(c *Config) {
			c.RandSeed, c.DoubleUpdates = seed, 0.25
			c.Picker = mustPick(t, "uniform").NewPicker(3, 1, 1)
			c.Sleep = func(context.Context, time.Duration) error { return nil }
		})
		turn := 0
		o.cfg.Record = func(op *history.Op) {
			if op.Kind == history.Read && op.Attempt == 1 {
				turn++
			}
			if op.Flags&history.Double != 0 {
				doubles = append(doubles, fmt.Sprint(turn))
			}
		}
		turns(t, o, 400)
		return doubles
	}
	first := play(1)
	if n := len(first); n < 70 || n > 130 {
		t.Errorf("%d of 400 moves were clicked twice, want about 100", n)
	}
	if diff := cmp.Diff(first, play(1)); diff != "" {
		t.Errorf("the same seed clicks otherwise (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, play(2)) {
		t.Error("another seed clicks the same")
	}
}

// TestTwiceOnSchedule holds that a second click is wanted after the first, by
// what lies between them.
func TestTwiceOnSchedule(t *testing.T) {
	s := newStage(t, newFloor(1))
	o := s.operator(t, func(c *Config) {
		c.DoubleUpdates = 1
		c.Sleep = func(context.Context, time.Duration) error { return nil }
	})
	if _, err := o.TurnAt(context.Background(), Arrival{At: 5}); err != nil {
		t.Fatal(err)
	}
	for _, op := range s.lines[1:] {
		double := op.Flags&history.Double != 0
		if !double && op.Scheduled != 5 || double && (op.Scheduled < 5 || op.Scheduled > 5+int64(maxGap)) {
			t.Errorf("%s was scheduled at %d", words(&op), op.Scheduled)
		}
	}
}
