package operator

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/appointment"
)

// rota picks what it is told, and the last for ever.
type rota []int

func (p *rota) Pick(*rand.Rand) int {
	i := (*p)[0]
	if len(*p) > 1 {
		*p = (*p)[1:]
	}
	return i
}

// TestSchedule holds when the operations of an open model's turn were wanted.
func TestSchedule(t *testing.T) {
	const arrival = int64(7 * time.Second)
	ms := func(n int64) int64 { return arrival + n*int64(time.Millisecond) }
	s := newStage(t, newFloor(1))
	s.now.Store(ms(300)) // none was free before
	s.onMove = func(n int, c *appointment.Card) *reply {
		if n == 1 {
			s.now.Add(int64(40 * time.Millisecond))
			s.put(c, "in_progress", "ready")
		}
		return nil
	}
	o := s.operator(t, func(c *Config) {
		c.Think, c.Pause, c.Backoff = workload.Fixed(100*time.Millisecond), workload.Fixed(time.Hour), constant(50*time.Millisecond)
	})
	if _, err := o.TurnAt(context.Background(), Arrival{At: arrival}); err != nil {
		t.Fatal(err)
	}
	want := []int64{arrival, ms(100), ms(300 + 100 + 40 + 50), ms(300 + 100 + 40 + 50)}
	var got []int64
	for _, op := range s.lines {
		got = append(got, op.Scheduled-op.Scheduled%int64(time.Millisecond)) // a look at the clock takes 1 ns
		if op.Start < op.Scheduled {
			t.Errorf("%s begins at %d, before its time %d", words(&op), op.Start, op.Scheduled)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Duration{100 * time.Millisecond, 50 * time.Millisecond}, s.slept); diff != "" {
		t.Errorf("sleeps, no stagger and no pause (-want +got):\n%s", diff)
	}
	s.lines = nil
	turns(t, o, 1)
	if s.lines[0].Scheduled != history.None || s.lines[1].Scheduled != history.None {
		t.Errorf("a turn of a closed model is scheduled: %+v", s.lines)
	}
}

// TestArrivalsByTurn holds that pick and think time belong to the turn and not
// to the operator who happens to play it.
func TestArrivalsByTurn(t *testing.T) {
	type choice struct {
		card  string
		think time.Duration
	}
	play := func(seed uint64, order []uint64, numbers ...int32) map[uint64]choice {
		s := newStage(t, newFloor(50))
		crew := []*Operator{}
		for _, number := range numbers {
			crew = append(crew, s.operator(t, func(c *Config) {
				c.RandSeed, c.Number, c.DoubleUpdates = seed, number, 0.5
				c.Picker, c.Think = mustPick(t, "zipf").NewPicker(50, 1, 1), mustDelay(t, "exp:100ms")
			}))
		}
		choices := map[uint64]choice{}
		for k, turn := range order {
			s.slept = nil
			r, err := crew[k%len(crew)].TurnAt(context.Background(), Arrival{Turn: turn, At: s.now.Load()})
			if err != nil {
				t.Fatal(err)
			}
			choices[turn] = choice{r.Record, s.slept[0]}
		}
		return choices
	}
	alone := play(3, []uint64{0, 1, 2, 3, 4, 5, 6, 7}, 1)
	if diff := cmp.Diff(alone, play(3, []uint64{5, 7, 0, 3, 1, 2, 6, 4}, 4, 9, 2), cmp.AllowUnexported(choice{})); diff != "" {
		t.Errorf("three operators in another order (-one +three):\n%s", diff)
	}
	if maps.Equal(alone, play(4, []uint64{0, 1, 2, 3, 4, 5, 6, 7}, 1)) {
		t.Error("another seed gives the same turns")
	}
}

// TestArrivalsAreUniform holds that neighbouring turns, whose sources differ in
// one number, draw independently: χ² over 20 cards is below its 99.99 %
// quantile, and so is that over the pairs of neighbours.
func TestArrivalsAreUniform(t *testing.T) {
	const cards, n = 20, 40_000
	pcg := &rand.PCG{}
	r, picker := rand.New(pcg), mustPick(t, "uniform").NewPicker(cards, 1, 1)
	single, pairs := make([]int, cards), make([]int, cards*cards)
	last := 0
	for turn := range uint64(n) {
		pcg.Seed(1, turn|1<<62)
		card := picker.Pick(r)
		single[card]++
		pairs[last*cards+card]++
		last = card
	}
	if x := chiSquare(single, n); x > 52 { // 19 degrees of freedom
		t.Errorf("χ² of the cards is %.1f", x)
	}
	if x := chiSquare(pairs, n); x > 514 { // 399 degrees of freedom
		t.Errorf("χ² of the pairs is %.1f", x)
	}
}

func chiSquare(counts []int, n int) (x float64) {
	want := float64(n) / float64(len(counts))
	for _, c := range counts {
		x += (float64(c) - want) * (float64(c) - want) / want
	}
	return x
}

// TestArrivalsBeforeAScreen holds that in an open model, too, a turn works from
// a board that is up to a refresh old, and that no operator waits for a board that
// is on the screen already.
func TestArrivalsBeforeAScreen(t *testing.T) {
	s := newStage(t, newFloor(50))
	o := s.operator(t, func(c *Config) {
		c.Refresh = 2 * time.Second
		c.Picker = mustPick(t, "uniform").NewPicker(50, 1, 1)
	})
	var ages []time.Duration
	for turn := range uint64(400) {
		before := len(s.slept)
		arrival := s.now.Load()
		if _, err := o.TurnAt(context.Background(), Arrival{Turn: turn, At: arrival}); err != nil {
			t.Fatal(err)
		}
		for _, d := range s.slept[before:] {
			ages = append(ages, d)
		}
		move := s.lines[len(s.lines)-1]
		if late := time.Duration(move.Start - move.Scheduled); late < 0 || late > time.Millisecond {
			t.Fatalf("move %d begins %s after its time", turn, late)
		}
		s.now.Add(int64(333 * time.Millisecond))
		if turn%2 == 1 {
			s.now.Add(int64(5 * time.Second)) // no operator was there
		}
	}
	var sum, most time.Duration
	for _, a := range ages {
		sum, most = sum+a, max(most, a)
	}
	if mean := sum / time.Duration(len(ages)); len(ages) < 200 || len(ages) == 400 || mean < 800*time.Millisecond || mean > 1200*time.Millisecond || most > 2*time.Second {
		t.Errorf("%d of 400 turns read and waited, %s on average, %s at most; want about 1 s and at most 2 s", len(ages), mean, most)
	}
	checkLines(t, s.lines)
}

func TestArrivalWhenTheRunIsOver(t *testing.T) {
	s := newStage(t, newFloor(1))
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.operator(t, nil).TurnAt(over, Arrival{}); !errors.Is(err, context.Canceled) || s.boards != 0 {
		t.Errorf("a turn began: error %v, %d boards", err, s.boards)
	}
}

// TestArrivalsIgnoreTrouble holds that arrivals do not become rarer because a
// server is down.
func TestArrivalsIgnoreTrouble(t *testing.T) {
	s := newStage(t, newFloor(1))
	s.onBoard = func(int) *reply { return &reply{status: 503, header: map[string]string{"Retry-After": "5"}} }
	r, err := s.operator(t, nil).TurnAt(context.Background(), Arrival{})
	if err != nil || r.Outcome != history.ServerError || len(s.slept) != 0 {
		t.Errorf("result %+v, error %v, slept %v", r, err, s.slept)
	}
}

func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		rate float64
		turn time.Duration
		want int
	}{
		{0.1, 0, 10},
		{40, 260 * time.Millisecond, 35},
		{2000, 10 * time.Millisecond, 250},
		{1e5, time.Minute, mostOperators},
	} {
		if got := CountNeeded(&run.Spec{Rate: c.rate, Think: workload.Fixed(0)}, c.turn); got != c.want {
			t.Errorf("Needed(%v, %s) = %d, want %d", c.rate, c.turn, got, c.want)
		}
	}
}
