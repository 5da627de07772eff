package check

import (
	"math/rand/v2"
	"strconv"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

const ms = 1_000_000 // ns

// sim is a run: operators, a network and a server, on a clock of its own.
type sim struct {
	simClock
	r       *rand.Rand
	network simNetwork

	errors    float64 // share of 500s before the commit
	throttled float64
	terse     bool // 409s do not tell the current version
	fault     string
	rate      float64 // share of the chances that the fault takes
	doubles   float64 // share of impatient second clicks

	records   []simRecord
	operators int
	busy      int
	until     int64
	ops       []history.Op
}

// simulate plays a run and returns its history. A run without fault has a
// correct server and an arbitrarily bad network.
func simulate(seed uint64, fault string) []history.Op {
	r := rand.New(rand.NewPCG(seed, 12))
	s := &sim{r: r, fault: fault, rate: 1, operators: 2 + r.IntN(9), until: int64(50+r.IntN(400)) * ms}
	s.network = simNetwork{latency: int64(1+r.IntN(10)) * ms, timeout: int64(20+r.IntN(60)) * ms}
	s.terse = r.IntN(2) == 0
	bad := r.Float64() * 0.15
	if fault == "" || r.IntN(2) == 0 {
		s.network.reset, s.network.drop, s.network.late = bad*r.Float64(), bad*r.Float64(), bad*r.Float64()
		s.errors, s.throttled = bad*r.Float64(), bad*r.Float64()
		s.doubles = 0.3 * r.Float64()
	}
	if fault != "" {
		s.rate, s.until = 0.2+0.8*r.Float64(), int64(200+r.IntN(500))*ms
	}
	s.records = make([]simRecord, 1+r.IntN(4))
	for i := range s.records {
		s.records[i].register = register{version: 1 + int64(r.IntN(3)), status: appointment.Scheduled}
	}
	s.run()
	return s.ops
}

func (s *sim) run() {
	s.audit()
	if s.fault == "unversioned-writer" || s.fault == "foreign-writer" {
		s.after(10*ms, s.write)
	}
	s.busy = s.operators
	for i := range s.operators {
		op := &simOperator{sim: s, id: int32(i + 1)}
		s.after(ms+s.network.way(s.r), op.turn)
	}
	s.play(func() bool { return s.busy == 0 })
	s.now++
	s.audit()
}

// audit reads all records at once.
func (s *sim) audit() {
	start := s.now
	s.now += s.network.way(s.r)
	at := len(s.ops)
	for i := range s.records {
		o := history.New()
		o.Kind, o.Record, o.Start = history.Audit, strconv.Itoa(i), start
		a := s.readRecord(&s.records[i])
		o.Outcome, o.HTTP, o.Token, o.State = a.outcome, a.http, a.version, string(a.status)
		s.ops = append(s.ops, o)
	}
	s.now += s.network.way(s.r)
	for i := range s.ops[at:] {
		s.ops[at+i].End = s.now
	}
}

// simOperator plays turns as internal/operator does.
type simOperator struct {
	*sim
	id      int32
	attempt uint8
	record  int
}

// turn begins with a new record; it ends the operator when time is up.
func (p *simOperator) turn() {
	if p.now >= p.until {
		p.busy--
		return
	}
	p.attempt, p.record = 1, p.r.IntN(len(p.records))
	p.read()
}

func (p *simOperator) pause() { p.after(p.network.way(p.r), p.turn) }

func (p *simOperator) begin(kind history.Kind) history.Op {
	o := history.New()
	o.Kind, o.Operator, o.Attempt, o.Record, o.Start = kind, p.id, p.attempt, strconv.Itoa(p.record), p.now
	return o
}

// finish records an operation at its end.
func (p *simOperator) finish(o history.Op, a *simAnswer) {
	if a == nil {
		o.Outcome = history.NoAnswer
	} else {
		o.End = p.now
		o.Outcome, o.HTTP, o.Token, o.State = a.outcome, a.http, a.version, string(a.status)
	}
	p.ops = append(p.ops, o)
}

func (p *simOperator) read() {
	o := p.begin(history.Read)
	c := &p.records[p.record]
	p.call(func(reply func(simAnswer)) { reply(p.readRecord(c)) }, func(a *simAnswer) {
		p.finish(o, a)
		if a == nil || walk[a.status] == "" {
			p.pause()
			return
		}
		p.after(p.network.way(p.r), func() { p.move(a.version, walk[a.status]) })
	})
}

func (p *simOperator) move(expected int64, target appointment.Status) {
	if p.r.Float64() < p.doubles {
		p.after(p.network.way(p.r)/8, func() { p.send(expected, target, history.Double, func(*simAnswer) {}) })
	}
	p.send(expected, target, 0, func(a *simAnswer) {
		if p.attempt < 3 && a != nil && a.outcome == history.Conflict {
			p.attempt++
			p.read()
			return
		}
		p.pause()
	})
}

func (p *simOperator) send(expected int64, target appointment.Status, flags history.Flags, done func(*simAnswer)) {
	o := p.begin(history.Update)
	o.Expected, o.Target, o.Flags = expected, string(target), flags
	c := &p.records[p.record]
	p.busy++
	p.call(func(reply func(simAnswer)) { p.moveRecord(c, expected, target, reply) }, func(a *simAnswer) {
		p.busy--
		p.finish(o, a)
		done(a)
	})
}
