package validity

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/predict"
)

// Bounds of what a trace keeps in memory. Attempts are predicted in blocks of
// the history: what an attempt at the beginning of a block lost to one of the
// block before is missed, which concerns some dozens of a hundred thousand.
const (
	blockAttempts = 100_000
	mostRecords   = 1 << 16
)

// trace turns a history into the attempts that the server decided, and adds up
// what a correct server must have answered.
type trace struct {
	ids       []string
	index     history.RecordTable[place]
	observed  []tally
	predicted []prediction // by record
	skipped   int          // attempts on records beyond the first mostRecords
	attempts  []predict.Attempt
	refused   []bool // by attempt
	course    Course
	operators history.OperatorTable[sight]
	replay    predict.Replay
	err       error
}

// place is where a record stands, from 1.
type place int

// tally counts what the server answered on a record.
type tally struct{ attempts, conflicts int }

// prediction adds up expected conflicts over the blocks.
type prediction struct{ attempts, conflicts, lower, upper float64 }

// sight is the list as an operator last saw it, and its own updates since.
type sight struct {
	start, end int64
	seen       bool
	own        ownUpdates
	click      click
}

// ownUpdates are an operator's updates since it saw the list, the last one of each
// record. Mostly there is one.
type ownUpdates struct {
	record string
	last   call
	any    bool
	rest   map[string]call // of other records
}

func (o *ownUpdates) clear() {
	o.any = false
	if len(o.rest) > 0 {
		clear(o.rest)
	}
}

func (o *ownUpdates) find(record string) (c call, ok bool) {
	if o.any && o.record == record {
		return o.last, true
	}
	c, ok = o.rest[record]
	return c, ok
}

func (o *ownUpdates) set(record string, c call) {
	if o.any && o.record != record {
		if o.rest == nil {
			o.rest = map[string]call{}
		}
		o.rest[o.record] = o.last
		delete(o.rest, record)
	}
	o.record, o.last, o.any = record, c, true
}

type call struct{ start, end int64 }

// click is an attempt whose fate a second click may still change, or a second
// click whose first has not been answered yet.
type click struct {
	op   history.Op
	held bool
}

func (t *trace) add(op *history.Op) {
	s := t.operators.At(op.Operator)
	switch {
	case op.Kind == history.Read:
		t.releaseClick(s)
		if op.Outcome == history.Seen {
			s.start, s.end, s.seen = op.Start, op.End, true
			s.own.clear()
		}
	case op.Flags&history.Double != 0 || op.Outcome == history.Conflict:
		t.addClick(s, op)
	default:
		t.releaseClick(s)
		t.addUpdate(s, op)
	}
}

// addClick pairs the two clicks of an impatient operator. When the second wins,
// the attempt has updated the record and its conflict is the client's own.
func (t *trace) addClick(s *sight, op *history.Op) {
	twin := s.click.held && s.click.op.Record == op.Record && s.click.op.Expected == op.Expected &&
		(s.click.op.Flags^op.Flags)&history.Double != 0
	if !twin {
		t.releaseClick(s)
		s.click = click{op: *op, held: true}
		return
	}
	first, second := s.click.op, *op
	if first.Flags&history.Double != 0 {
		first, second = second, first
	}
	if second.Outcome == history.Applied && first.Outcome == history.Conflict {
		first.Outcome = history.Applied
	}
	s.click.held = false
	t.addUpdate(s, &first)
}

// releaseClick counts an attempt that waited for its twin; a second click alone is
// no attempt.
func (t *trace) releaseClick(s *sight) {
	if !s.click.held {
		return
	}
	s.click.held = false
	if s.click.op.Flags&history.Double == 0 {
		t.addUpdate(s, &s.click.op)
	}
}

// addUpdate counts an attempt that may have been decided. The version it carries was
// read with the list, or answered by the operator's own last update of the record.
func (t *trace) addUpdate(s *sight, op *history.Op) {
	uncertain := op.Outcome.Uncertain()
	if !s.seen || !uncertain && op.Outcome != history.Applied && op.Outcome != history.Conflict {
		return
	}
	record, ok := t.findNumber(op.Record)
	if !ok {
		t.skipped++
		return
	}
	read := call{s.start, s.end}
	if own, ok := s.own.find(op.Record); ok {
		read = own
	}
	sent := call{op.Start, max(op.Start, op.End)}
	if op.Outcome == history.Applied {
		s.own.set(op.Record, sent)
	}
	warm := op.Flags&history.Warmup != 0
	if !warm && !uncertain {
		t.observed[record].attempts++
		if op.Outcome == history.Conflict {
			t.observed[record].conflicts++
		}
	}
	t.attempts = append(t.attempts, predict.Attempt{
		Record: record, ReadStart: toSeconds(read.start), ReadEnd: toSeconds(min(read.end, sent.start)),
		UpdateStart: toSeconds(sent.start), UpdateEnd: toSeconds(sent.end), Uncertain: uncertain, Uncounted: warm,
	})
	t.refused = append(t.refused, op.Outcome == history.Conflict)
	if len(t.attempts) == blockAttempts {
		t.predict()
	}
}

func (t *trace) findNumber(id string) (int, bool) {
	if at := t.index.Find(id); at != nil {
		return int(*at) - 1, true
	}
	if len(t.ids) == mostRecords {
		return 0, false
	}
	t.ids = append(t.ids, id)
	t.observed = append(t.observed, tally{})
	t.predicted = append(t.predicted, prediction{})
	*t.index.At(id) = place(len(t.ids))
	return len(t.ids) - 1, true
}

// predict plays a block through as a correct server would have decided it.
func (t *trace) predict() {
	block, refused := t.attempts, t.refused
	t.attempts, t.refused = t.attempts[:0], t.refused[:0]
	if len(block) == 0 || t.err != nil {
		return
	}
	p, err := t.replay.Predict(block, len(t.ids))
	if err != nil {
		t.err = err
		return
	}
	for i, e := range p.Records {
		n := float64(e.Attempts)
		c := &t.predicted[i]
		c.attempts += n
		c.conflicts += n * e.Rate
		c.lower += n * e.Lower
		c.upper += n * e.Upper
	}
	for i := range block {
		if a := &block[i]; !a.Uncounted && !a.Uncertain {
			t.course.add(a.UpdateStart, refused[i], p.Refused[i])
		}
	}
}

// finish settles what waits for a twin and predicts the last block.
func (t *trace) finish() error {
	for _, s := range t.operators.All() {
		t.releaseClick(s)
	}
	t.predict()
	return t.err
}

func toSeconds(ns int64) float64 { return float64(ns) / 1e9 }
