package check

import (
	"container/heap"
	"math/rand/v2"
)

// simClock plays events in the order of their times, and of their making where
// times are equal: a run depends on its seed alone.
type simClock struct {
	now    int64 // ns
	serial int
	events simEvents
}

type simEvent struct {
	at     int64
	serial int
	do     func()
}

type simEvents []simEvent

func (e simEvents) Len() int { return len(e) }
func (e simEvents) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].serial < e[j].serial
}
func (e simEvents) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *simEvents) Push(x any)   { *e = append(*e, x.(simEvent)) }
func (e *simEvents) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func (c *simClock) after(wait int64, do func()) {
	c.serial++
	heap.Push(&c.events, simEvent{c.now + wait, c.serial, do})
}

// play runs until done, or until nothing is left to happen.
func (c *simClock) play(done func() bool) {
	for len(c.events) > 0 && !done() {
		next := heap.Pop(&c.events).(simEvent)
		c.now = next.at
		next.do()
	}
}

// simNetwork loses and delays messages. Shares are 0 to 1.
type simNetwork struct {
	latency int64   // ns, mean of each way
	timeout int64   // ns, when a client gives up
	reset   float64 // the request never arrives and the client knows at once
	drop    float64 // the answer is lost and the client waits in vain
	late    float64 // the request arrives long after the client gave up
}

func (n *simNetwork) way(r *rand.Rand) int64 { return int64(r.ExpFloat64() * float64(n.latency)) }

// call carries a request to the server, which answers with reply when it likes,
// and calls done exactly once: with the answer, or with nil.
func (s *sim) call(serve func(reply func(simAnswer)), done func(*simAnswer)) {
	n, r := &s.network, s.r
	over := false
	end := func(a *simAnswer) {
		if !over {
			over = true
			done(a)
		}
	}
	there := n.way(r)
	switch chance := r.Float64(); {
	case chance < n.reset:
		s.after(there, func() { end(nil) })
		return
	case chance < n.reset+n.late:
		there += n.timeout * int64(1+r.IntN(20))
	}
	lost := r.Float64() < n.drop
	s.after(n.timeout, func() { end(nil) })
	s.after(there, func() {
		serve(func(a simAnswer) {
			if !lost {
				s.after(n.way(r), func() { end(&a) })
			}
		})
	})
}
