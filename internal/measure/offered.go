package measure

import "github.com/occbench/occbench/internal/history"

// Offered is the load that was offered in one stretch of time.
type Offered struct {
	Turns  int   `json:"turns"`         // that began
	Due    int   `json:"due,omitempty"` // open model: that the clock asked for
	BusyNS int64 `json:"busy_ns"`       // of all calls together: divided by the stretch, how many were under way
	Timers int   `json:"timers"`        // of the generator, whose lateness is known
	LateNS int64 `json:"late_ns"`       // the most that one of them was late
}

func (o *Offered) merge(other *Offered) {
	o.Turns += other.Turns
	o.Due += other.Due
	o.BusyNS += other.BusyNS
	o.Timers += other.Timers
	o.LateNS = max(o.LateNS, other.LateNS)
}

// noteTimer notes how late a timer was.
func (o *Offered) noteTimer(late int64) {
	o.Timers++
	o.LateNS = max(o.LateNS, late)
}

// noteOffered notes what an operation says of the load: that its call was under way, that a
// turn began with it, and how late a timer started it. That is the schedule of an open
// model; in a closed one it is the end of a think time that is always as long.
func (s *Series) noteOffered(o *drawn, op *history.Op, began bool) {
	b := s.bin(op)
	b.Arrived.add(op)
	if op.Start >= s.from && op.End-s.from <= s.step { // all of it is in that bin
		b.Offered.BusyNS += max(op.End-op.Start, 0)
	} else {
		s.addBusy(op.Start, op.End)
	}
	if began {
		b.Offered.Turns++
		if op.Scheduled != history.None {
			b.Offered.noteTimer(max(op.Start-op.Scheduled, 0))
			if due := max(op.Scheduled, 0) / s.step; due < Bins {
				s.bins[due].Offered.Due++
			}
		}
	}
	switch {
	case op.Attempt != 1 || op.Flags&history.Double != 0:
	case op.Kind == history.Read:
		o.read, o.hasRead = op.End, op.Answered()
	case s.think > 0 && op.Scheduled == history.None && o.hasRead:
		b.Offered.noteTimer(max(op.Start-o.read-int64(s.think), 0))
		o.hasRead = false
	}
}

// addBusy spreads the time of a call over the bins that it was under way in. What goes on
// beyond the last bin is left out: it is the end of the run, or the bins are about to
// double.
func (s *Series) addBusy(start, end int64) {
	for at := max(start, 0); at < end; {
		i := at / s.step
		if i >= Bins {
			return
		}
		part := min(end-at, s.step-at%s.step)
		s.bins[i].Offered.BusyNS += part
		at += part
	}
}

// Arrived are the updates that were sent in one stretch of time, as a server counts them:
// second clicks, races and people in browsers are among them.
type Arrived struct {
	Updates   int `json:"updates"`
	Conflicts int `json:"conflicts"`
}

func (a *Arrived) add(op *history.Op) {
	if op.Kind != history.Update {
		return
	}
	a.Updates++
	if op.Outcome == history.Conflict {
		a.Conflicts++
	}
}

// AddArrival counts an operation that is none of the load's, as a server does.
func (s *Series) AddArrival(op *history.Op) {
	at := max(op.Start, 0)
	for at/s.step >= Bins {
		s.mergePairs()
	}
	s.bins[at/s.step].Arrived.add(op)
}

// Try counts the outcomes of the updates that were the first, second, … of their turns.
type Try struct {
	Sent      int `json:"sent"`
	Applied   int `json:"applied"`
	Conflicts int `json:"conflicts"`
}

// mostTries bounds the tries that are told apart; the last one counts what is beyond.
const mostTries = 8

// countTry counts an attempt of the measured window.
func (s *Series) countTry(op *history.Op) {
	i := min(max(int(op.Attempt), 1), mostTries) - 1
	for len(s.tries) <= i {
		s.tries = append(s.tries, Try{})
	}
	t := &s.tries[i]
	t.Sent++
	switch op.Outcome {
	case history.Applied:
		t.Applied++
	case history.Conflict:
		t.Conflicts++
	}
}

// Latencies are how long calls of the measured window took.
type Latencies struct {
	Applied  Histogram `json:"applied"`
	Conflict Histogram `json:"conflict"`
	Read     Histogram `json:"read"`
}

func (l *Latencies) add(op *history.Op) {
	switch {
	case op.Flags&history.Warmup != 0:
	case op.Kind == history.Read:
		l.Read.add(latencySince(op.Start, op))
	case op.Outcome == history.Applied:
		l.Applied.add(latencySince(op.Start, op))
	case op.Outcome == history.Conflict:
		l.Conflict.add(latencySince(op.Start, op))
	}
}
