package operator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// raceStage is a stage with a crew that races on the first cards of its floor.
type raceStage struct {
	*stage
	clocks []*stage // of the operators of the crew
	crew   *RaceCrew
}

func newRaceStage(t *testing.T, f *floor, front http.Handler, size, records int) *raceStage {
	t.Helper()
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	s := &raceStage{stage: newStageAt(t, f, server.URL)}
	var shops []*client.Client
	for range size {
		clock := newStageAt(t, f, server.URL)
		s.clocks, shops = append(s.clocks, clock), append(shops, clock.client)
	}
	ids := []string{"1", "2", "3", "4"}[:records]
	cfg := Config{Roster: NewRoster(ids), Number: 21, Sleep: s.sleep, Record: func(op *history.Op) { s.lines = append(s.lines, *op) }}
	var err error
	if s.crew, err = NewRaceCrew(cfg, shops); err != nil {
		t.Fatal(err)
	}
	return s
}

// gathering is a handler that lets no move through before so many are there: moves
// that are sent one after the other wait for ever. The one after them is the next
// move of a loser, which comes alone.
type gathering struct {
	http.Handler
	size  int
	mu    sync.Mutex
	there int
	alone bool
	all   chan struct{}
}

func (g *gathering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		g.mu.Lock()
		all := g.all
		if !g.alone {
			g.there++
		}
		if g.alone || g.there == g.size {
			close(all)
			g.there, g.alone, g.all = 0, !g.alone, make(chan struct{})
		}
		g.mu.Unlock()
		<-all
	}
	g.Handler.ServeHTTP(w, r)
}

// All attempts of a race are under way at once, carry the version that every
// operator of the crew has read, and are told apart from the load.
func TestRace(t *testing.T) {
	f := newFloor(2)
	s := newRaceStage(t, f, &gathering{Handler: f, size: 3, all: make(chan struct{})}, 3, 2)
	for range 3 {
		if sent, _ := s.crew.race(context.Background()); !sent {
			t.Fatal("no race was played")
		}
	}
	var story []string
	operators := map[int32]int{}
	told := regexp.MustCompile(`(conflict 409) .*`) // the second loser may see the first one's next move already
	for i := range s.lines {
		op := &s.lines[i]
		if op.Attempt == 1 {
			operators[op.Operator]++
		}
		if op.Flags != history.Race || op.Scheduled != history.None {
			t.Errorf("%s has the flags %s and is scheduled at %d", words(op), op.Flags, op.Scheduled)
		}
		story = append(story, told.ReplaceAllString(words(op), "$1"))
	}
	if diff := cmp.Diff(map[int32]int{21: 6, 22: 6, 23: 6}, operators); diff != "" {
		t.Errorf("first reads and attempts by operator (-want +got):\n%s", diff)
	}
	if len(story) != 3*7 {
		t.Fatalf("%d lines, want 7 a race:\n%s", len(story), strings.Join(story, "\n"))
	}
	for race := range 3 {
		slices.Sort(story[7*race+3 : 7*race+6])
	}
	read, lost := "read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409"
	first := []string{read, read, read, "update 1: card 1 v1 → in_progress: applied v2 in_progress", lost, lost, "update 2: card 1 v2 → ready: applied v3 ready"}
	other := slices.Clone(first)
	for i := range other {
		other[i] = strings.Replace(other[i], "card 1", "card 2", 1)
	}
	read, lost = "read 1: card 1: seen v3 ready", "update 1: card 1 v3 → in_progress: conflict 409"
	again := []string{read, read, read, "update 1: card 1 v3 → in_progress: applied v4 in_progress", lost, lost, "update 2: card 1 v4 → ready: applied v5 ready"}
	if diff := cmp.Diff(slices.Concat(first, other, again), story); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

// Operators who did not read the same version do not race: none of them sends.
func TestNoRaceWithoutOneVersion(t *testing.T) {
	f := newFloor(1)
	f.onBoard = func(n int) *reply {
		f.cards[0].Version = int64(n)
		return nil
	}
	s := newRaceStage(t, f, f, 2, 1)
	if sent, _ := s.crew.race(context.Background()); sent || f.moves > 0 {
		t.Errorf("a race was played with %d moves", f.moves)
	}
	f.onBoard = func(int) *reply { return &reply{status: 503, header: map[string]string{"Retry-After": "3"}} }
	if sent, last := s.crew.race(context.Background()); sent || last.RetryAfter != 3*time.Second {
		t.Errorf("a race was played without a board; the crew waits for %s", last.RetryAfter)
	}
	want := []string{"read 1: card 1: seen v1 scheduled", "read 1: card 1: seen v2 scheduled", "read 1: card 1: server_error 503", "read 1: card 1: server_error 503"}
	got := s.story()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

// Automatic races follow the attempts that the load makes, others the clock.
func TestPlayRaces(t *testing.T) {
	for _, c := range []struct {
		races string
		want  int // in 4.05 s, and beside 202 attempts
	}{{"auto", 4}, {"10/sx3", 40}} {
		t.Run(c.races, func(t *testing.T) {
			races, err := workload.ParseRaces(c.races)
			if err != nil {
				t.Fatal(err)
			}
			f := newFloor(4)
			s := newRaceStage(t, f, f, races.Crew, 4)
			ctx, cancel := context.WithCancel(context.Background())
			clock, attempts := s.clocks[0], int64(0)
			s.crew.operators[0].cfg.Sleep = func(ctx context.Context, d time.Duration) error {
				attempts++ // of the load, one in each 20 ms
				if clock.now.Add(int64(d)) > int64(4050*time.Millisecond) {
					cancel()
				}
				return ctx.Err()
			}
			s.crew.Play(ctx, races, func() int64 { return attempts })
			if moves := c.want * (races.Crew + 1); s.crew.played != c.want || f.moves != moves {
				t.Errorf("%d races with %d moves were played beside %d attempts, want %d with %d", s.crew.played, f.moves, attempts, c.want, moves)
			}
		})
	}
}
