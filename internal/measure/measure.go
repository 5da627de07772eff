// Package measure turns a history into numbers: counts by outcome, rates,
// latencies, recovery.
//
// Its opinion: what must not be blended stays apart. Reads are not moves,
// conflicts are not errors, the warm-up is not the run, an impatient second
// click is not an attempt, a race is not the load. And nothing falls under the table: a move without an
// answer is slower than everything instead of missing from the latencies.
package measure

import (
	"cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Measure collects operations. It keeps 8 bytes per attempt and per read, 16
// per attempt of an open model, and a little per operator and card.
type Measure struct {
	opt       Options
	moves     tally
	warmup    map[history.Outcome]int
	doubles   map[history.Outcome]int
	reads     reads
	warmReads int
	operators map[int32]*operator
	cards     cards
	recovery  recovery
	audits    audits
	tail      tail
	all       span
	measured  span
	apart     *Apart
	races     races
	samples   *Samples // nil: they are not kept
}

// New returns an empty measure.
func New(opt Options) *Measure {
	m := &Measure{
		opt:       opt.orDefaults(),
		warmup:    map[history.Outcome]int{},
		doubles:   map[history.Outcome]int{},
		operators: map[int32]*operator{},
		cards:     cards{},
	}
	if opt.Samples {
		m.samples = NewSamples()
	}
	return m
}

// Add takes the next operation of the history, in the order of the file. It
// keeps no reference to op, only to its strings.
func (m *Measure) Add(op *history.Op) {
	m.all.add(op)
	m.tail.add(op)
	if op.Kind == history.Audit {
		m.audits.add(op)
		return
	}
	m.audits.turn()
	if op.ListFault() {
		return
	}
	if m.opt.OfApart(op) {
		m.addApart(op)
		return
	}
	if UsedUp(m.opt.States, op) {
		m.settle(m.operator(op.Operator), op.Start)
		return
	}
	if op.Flags&history.Warmup == 0 {
		m.measured.add(op)
	}
	o := m.operator(op.Operator)
	m.moves.excuse(o.giveUp(op.Start, m.opt.Stalls))
	if begins(op, o.turn.attempts) {
		m.settle(o, op.Start)
	}
	m.see(o, op.Record)
	if op.Kind == history.Read {
		m.read(o, op)
	} else {
		m.move(o, op)
	}
}

// UsedUp reports whether an operation is a look at a board on which nothing is
// left to move: the read before a move always names a card that can be moved.
// A run whose cards are used up is over with them, and what its operators go on
// reading is in no number.
func UsedUp(states *api.States, op *history.Op) bool {
	return op.Kind == history.Read && op.Attempt == 1 && op.Outcome == history.Seen && states.Valid(op.State) && states.Final(op.State)
}

func (m *Measure) read(o *operator, op *history.Op) {
	o.seen = op.Start
	o.turn.read(op)
	if op.Flags&history.Warmup != 0 {
		m.warmReads++
		return
	}
	m.reads.add(op)
	m.samples.read(op)
}

func (m *Measure) move(o *operator, op *history.Op) {
	if op.Flags&history.Double == 0 {
		o.turn.move(op)
		o.card.attempts++
	}
	move := op
	if op.Answered() && m.opt.Stalls.Affected(min(cmp.Or(o.seen, op.Start), op.Start), op.End) > 0 {
		stalled := *op
		stalled.Flags |= history.Stalled
		move = &stalled
	}
	if swapped := o.clicks.take(move, m.commit); swapped {
		o.turn.forgive()
	}
	o.hope(op)
}

// commit counts a move whose role, attempt or second click, is settled.
func (m *Measure) commit(op *history.Op) {
	switch {
	case op.Flags&history.Warmup != 0:
		m.warmup[op.Outcome]++
	case op.Flags&history.Double != 0:
		m.doubles[op.Outcome]++
	default:
		m.moves.add(op, m.opt)
		m.samples.Attempt(op)
	}
}

// settle closes the operator's turn, which was over by a time.
func (m *Measure) settle(o *operator, by int64) {
	o.clicks.release(m.commit)
	m.recovery.add(&o.turn, by, m.opt)
	o.turn = turn{}
}

// operator returns the operator of a number, new if need be.
func (m *Measure) operator(id int32) *operator {
	o := m.operators[id]
	if o == nil {
		o = &operator{}
		m.operators[id] = o
	}
	return o
}

// see notes which card the operator is at. A turn stays with its card, so most
// calls need no lookup.
func (m *Measure) see(o *operator, id string) {
	if o.card == nil || o.id != id {
		o.id, o.card = id, m.cards.at(id)
	}
}

// addApart counts an operation that is none of the declared load's.
func (m *Measure) addApart(op *history.Op) {
	if op.Flags&history.Race != 0 {
		m.races.add(op)
		return
	}
	if m.apart == nil {
		m.apart = &Apart{FromOperator: m.opt.ApartFrom, Outcomes: map[history.Outcome]int{}}
	}
	if op.Kind == history.Read {
		m.apart.Reads++
		return
	}
	m.apart.Moves++
	m.apart.Outcomes[op.Outcome]++
}
