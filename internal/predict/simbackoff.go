package predict

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// BackoffStudy describes clients that all want to change one row at once.
type BackoffStudy struct {
	Clients   int
	Runs      int           // to take the mean of; 0: 500, enough for 5 %
	Delay     time.Duration // mean of one way through the network; 0: 10 ms
	Deviation time.Duration // standard deviation of it, taken with Delay 0 as 2 ms
	Seed      uint64
	Stop      func() bool // asked before each run: whether to stop early; nil: never
}

// BackoffCost is the cost of a policy, in means over the runs.
type BackoffCost struct {
	Calls float64       // updates sent, those that lost included
	Time  time.Duration // until the last client has its change
}

// SimulateBackoff plays M. Brooker's simulation of optimistic concurrency
// control ("Exponential Backoff And Jitter", AWS Architecture Blog 2015):
// every client reads the row's version and writes with it; one that finds the
// version changed backs off and starts again with reading. The server takes no
// time, each way through the network a normally distributed one. His figures
// come with base 5 ms and limit 2 s.
func SimulateBackoff(b workload.Backoff, s BackoffStudy) BackoffCost {
	s.setDefaults()
	r := rand.New(rand.NewPCG(s.Seed, 0x62636b))
	var cost BackoffCost
	var total float64
	for range s.Runs {
		if s.Stop != nil && s.Stop() {
			return BackoffCost{}
		}
		calls, seconds := s.run(b, r)
		cost.Calls += float64(calls) / float64(s.Runs)
		total += seconds / float64(s.Runs)
	}
	cost.Time = time.Duration(total * float64(time.Second))
	return cost
}

func (s *BackoffStudy) setDefaults() {
	if s.Runs <= 0 {
		s.Runs = 500
	}
	if s.Delay <= 0 {
		s.Delay, s.Deviation = 10*time.Millisecond, 2*time.Millisecond
	}
}

// studied is a client; a client that writes has read.
type studied struct {
	version int
	retry   int
	wait    time.Duration
	writing bool
}

// run lets every client succeed once.
func (s *BackoffStudy) run(b workload.Backoff, r *rand.Rand) (calls int, seconds float64) {
	clients := make([]studied, max(s.Clients, 0))
	var queue eventQueue
	for i := range clients {
		queue.push(s.delay(r), i)
	}
	version := 0
	for !queue.isEmpty() {
		e := queue.pop()
		c := &clients[e.actor]
		answered := e.at + s.delay(r)
		if !c.writing {
			c.version, c.writing = version, true
			queue.push(answered+s.delay(r), e.actor)
			continue
		}
		calls++
		if c.version == version {
			version++
			seconds = max(seconds, answered)
			continue
		}
		c.retry++
		c.writing = false
		c.wait = b.Wait(c.retry, c.wait, r)
		queue.push(answered+c.wait.Seconds()+s.delay(r), e.actor)
	}
	return calls, seconds
}

func (s *BackoffStudy) delay(r *rand.Rand) float64 {
	return math.Abs(s.Delay.Seconds() + s.Deviation.Seconds()*r.NormFloat64())
}
