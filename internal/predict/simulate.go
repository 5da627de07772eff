package predict

import (
	"math/rand/v2"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// Simulate plays a run against a correct server, event by event; the same seed
// gives the same run. It follows the operator's turn: read the list, pick,
// walk forward to a record that can be updated, think, update, and after a conflict
// back off, read again and retry unless the record is already where it was
// wanted. The server reads the version half-way through the list call and
// decides half-way through the update. Operators begin spread over one cycle, and
// their timers are a little late.
//
// It is the second opinion on the formulae of Predict, and shares none of them.
// Where Predict says Simulated it is the first opinion, and there is no second.
func Simulate(p Parameters, seed uint64) (Observed, error) {
	if err := p.Check(); err != nil {
		return Observed{}, err
	}
	s := newSimulation(p, seed)
	s.begin()
	for !s.queue.isEmpty() && s.seen.RanOutAt == 0 {
		s.step(s.queue.pop())
	}
	return s.seen, nil
}

type simulation struct {
	Parameters
	r       *rand.Rand
	until   float64 // turns begin before this
	queue   eventQueue
	actors  []actor
	idle    []int // open model: actors without a turn, to be used again
	records []simRecord
	next    []int // forward walk: where to look after a record that is used up
	stride  int
	left    int // records that can still be updated
	seen    Observed

	// onAttempt, when set, is told of every decided attempt: the tests compare
	// what a trace predicts with it.
	onAttempt func(a Attempt, conflict bool)
}

// actor is an operator of a closed model, or one turn of an open model.
type actor struct {
	picker  workload.Picker
	stage   stage
	record  int
	attempt int
	counted bool          // the turn falls into the measured window
	began   int           // the record's version when the turn first read it
	readAt  float64       // when the server read the version the next update carries
	wait    time.Duration // the last backoff
	call    Attempt       // the client's clock readings of the attempt
}

// stage is the kind of the actor's next event.
type stage uint8

const (
	reading   stage = iota // the server reads the list for a turn
	refetched              // the server reads the list for a retry
	deciding               // the server decides an update
)

// arrival is the actor of the events that start turns of an open model.
const arrival = -1

func newSimulation(p Parameters, seed uint64) *simulation {
	s := &simulation{
		Parameters: p,
		r:          rand.New(rand.NewPCG(seed, 0x6f6363)),
		until:      p.Duration.Seconds(),
		records:    make([]simRecord, p.Records),
		left:       p.Records,
		next:       make([]int, p.Records),
		stride:     p.Pick.Stride(p.Operators),
	}
	for record := range s.next {
		s.next[record] = record + s.stride
	}
	s.seen.RecordAttempts = make([]int, p.Records)
	s.seen.RecordConflicts = make([]int, p.Records)
	return s
}

func (s *simulation) begin() {
	if s.IsOpen() {
		s.queue.push(s.untilNextArrival(0), arrival)
		return
	}
	s.actors = make([]actor, s.Operators)
	for i := range s.actors {
		s.actors[i].picker = s.Pick.NewPicker(s.Records, i+1, s.Operators)
		s.startTurn(s.r.Float64()*s.cycleSeconds(), i)
	}
}

func (s *simulation) step(e event) {
	if e.actor == arrival {
		s.arrive(e.at)
		return
	}
	switch s.actors[e.actor].stage {
	case reading:
		s.pick(e.at, e.actor)
	case refetched:
		s.refetch(e.actor)
	case deciding:
		s.decide(e.at, e.actor)
	}
}

// arrive starts a turn of the open model and schedules the next.
func (s *simulation) arrive(now float64) {
	var i int
	if n := len(s.idle); n > 0 {
		i = s.idle[n-1]
		s.idle = s.idle[:n-1]
	} else {
		i = len(s.actors)
		s.actors = append(s.actors, actor{picker: s.Pick.NewPicker(s.Records, 1, 1)})
	}
	s.startTurn(now, i)
	if next := now + s.untilNextArrival(now); next < s.until {
		s.queue.push(next, arrival)
	}
}

func (s *simulation) untilNextArrival(now float64) float64 {
	gap := 1 / s.rateAt(now)
	if s.Arrivals == Poisson {
		gap *= s.r.ExpFloat64()
	}
	return gap
}

func (s *simulation) draw(d workload.Delay) float64 {
	if d == nil {
		return 0
	}
	return d.Draw(s.r).Seconds()
}

// tardy is by how many seconds a timer fires late, in the mean; every report
// tells it of its run ("timers"), from 0.7 to 1.1 ms in the median.
const tardy = 0.001

// drawWait draws a time that an operator waits by a timer. Without its lateness
// operators with constant times would keep the phases that they begin with:
// operators that met once make way for each other by their retries, and in a run of
// short windows they would never meet again.
func (s *simulation) drawWait(d workload.Delay) float64 {
	t := s.draw(d)
	if t > 0 {
		t += tardy * s.r.ExpFloat64()
	}
	return t
}
