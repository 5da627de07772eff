// Package measure turns a history into numbers: counts by outcome, rates,
// latencies, recovery.
//
// Its opinion: what must not be blended stays apart. Reads are not updates,
// conflicts are not errors, the warm-up is not the run, an impatient second
// click is not an attempt, a race is not the load. And nothing falls under the table: an update without an
// answer is slower than everything instead of missing from the latencies.
package measure

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// Measure collects operations. It keeps 8 bytes per attempt and per read, 16
// per attempt of an open model, and a little per operator and record.
type Measure struct {
	opt       Options
	finals    []string // states that no update leaves
	updates   tally
	warmup    map[history.Outcome]int
	doubles   map[history.Outcome]int
	reads     reads
	warmReads int
	operators history.OperatorTable[operator]
	records   records
	recovery  recovery
	audits    audits
	tail      tail
	all       span
	measured  span
	apart     *Apart
	races     races
	parts     parts
	samples   *Samples // nil: they are not kept
}

// New returns an empty measure.
func New(opt Options) *Measure {
	m := &Measure{
		opt:     opt.orDefaults(),
		warmup:  map[history.Outcome]int{},
		doubles: map[history.Outcome]int{},
	}
	m.finals = m.opt.States.Finals()
	if opt.Samples {
		m.samples = NewSamples()
	}
	return m
}

// Add takes the next operation of the history, in the order of the file. It
// keeps no reference to op, only to its strings.
func (m *Measure) Add(op *history.Op) {
	m.all.add(op)
	m.parts.count(op)
	m.tail.add(op)
	if op.Kind == history.Audit {
		m.audits.add(op)
		return
	}
	m.audits.noteTurn()
	if op.ListFault() {
		return
	}
	if m.opt.IsApart(op) {
		m.addApart(op)
		return
	}
	o := m.operators.At(op.Operator)
	if o.stalls == nil {
		o.stalls = m.opt.Stalls.ForGenerator(op.Generator)
	}
	if IsUsedUp(m.finals, op) {
		m.closeTurn(o, op.Start)
		return
	}
	if op.Flags&history.Warmup == 0 {
		m.measured.add(op)
	}
	m.updates.excuse(o.takeUnanswered(op.Start))
	if beginsTurn(op, o.turn.attempts) {
		m.closeTurn(o, op.Start)
	}
	m.noteRecord(o, op.Record)
	if op.Kind == history.Read {
		m.read(o, op)
	} else {
		m.update(o, op)
	}
}

// IsUsedUp reports whether an operation is a look at a list on which nothing is
// left to update: the read before an update always names a record that an update can change,
// and this one is in a final state. A run whose records are used up is over with them, and
// what its operators go on reading is in no number.
func IsUsedUp(finals []string, op *history.Op) bool {
	return op.Kind == history.Read && op.Attempt == 1 && op.Outcome == history.Seen && slices.Contains(finals, op.State)
}

func (m *Measure) read(o *operator, op *history.Op) {
	o.seen = op.Start
	o.turn.read(op)
	if op.Flags&history.Warmup != 0 {
		m.warmReads++
		return
	}
	m.reads.add(op)
	m.samples.addRead(op)
}

func (m *Measure) update(o *operator, op *history.Op) {
	if op.Flags&history.Double == 0 {
		o.turn.update(op)
		o.record.attempts++
	}
	update := op
	if op.Answered() && o.stalls.SumAffected(min(cmp.Or(o.seen, op.Start), op.Start), op.End) > 0 {
		stalled := *op
		stalled.Flags |= history.Stalled
		update = &stalled
	}
	if swapped := o.clicks.passOn(update, m.commit); swapped {
		o.turn.takeBackConflict()
	}
	o.noteUnanswered(op)
}

// commit counts an update whose role, attempt or second click, is settled.
func (m *Measure) commit(op *history.Op) {
	switch {
	case op.Flags&history.Warmup != 0:
		m.warmup[op.Outcome]++
	case op.Flags&history.Double != 0:
		m.doubles[op.Outcome]++
	default:
		m.updates.add(op, &m.opt)
		m.parts.attempt(op)
		m.samples.AddAttempt(op)
	}
}

// closeTurn closes the operator's turn, which was over by a time.
func (m *Measure) closeTurn(o *operator, by int64) {
	o.clicks.flush(m.commit)
	m.recovery.add(&o.turn, by, &m.opt, o.stalls)
	o.turn = turn{}
}

// noteRecord notes which record the operator is at. A turn stays with its record, so most
// calls need no lookup.
func (m *Measure) noteRecord(o *operator, id string) {
	if o.record == nil || o.id != id {
		o.id, o.record = id, m.records.At(id)
	}
}

// addApart counts an operation that is none of the declared load's.
func (m *Measure) addApart(op *history.Op) {
	if op.Flags&history.Race != 0 {
		m.races.add(op)
		return
	}
	if op.Flags&history.Clock != 0 {
		return
	}
	if m.apart == nil {
		m.apart = &Apart{FromOperator: m.opt.ApartFrom, Outcomes: map[history.Outcome]int{}}
	}
	if op.Kind == history.Read {
		m.apart.Reads++
		return
	}
	m.apart.Updates++
	m.apart.Outcomes[op.Outcome]++
}
