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
	mostCards     = 1 << 16
)

// trace turns a history into the attempts that the server decided, and adds up
// what a correct server must have answered.
type trace struct {
	ids       []string
	index     map[string]int
	observed  []tally
	predicted []prediction // by card
	skipped   int          // attempts on cards beyond the first mostCards
	attempts  []predict.Attempt
	operators map[int32]*sight
	err       error
}

// tally counts what the server answered on a card.
type tally struct{ attempts, conflicts int }

// prediction adds up expected conflicts over the blocks.
type prediction struct{ attempts, conflicts, lower, upper float64 }

// sight is what an operator last saw of the board, and its own moves since.
type sight struct {
	start, end int64
	seen       bool
	own        map[string]call
	click      click
}

type call struct{ start, end int64 }

// click is an attempt whose fate a second click may still change, or a second
// click whose first has not been answered yet.
type click struct {
	op   history.Op
	held bool
}

func newTrace() *trace {
	return &trace{index: map[string]int{}, operators: map[int32]*sight{}}
}

func (t *trace) add(op *history.Op) {
	s := t.operators[op.Operator]
	if s == nil {
		s = &sight{own: map[string]call{}}
		t.operators[op.Operator] = s
	}
	switch {
	case op.Kind == history.Read:
		t.release(s)
		if op.Outcome == history.Seen {
			s.start, s.end, s.seen = op.Start, op.End, true
			clear(s.own)
		}
	case op.Flags&history.Double != 0 || op.Outcome == history.Conflict:
		t.clicked(s, op)
	default:
		t.release(s)
		t.move(s, op)
	}
}

// clicked pairs the two clicks of an impatient operator. When the second wins,
// the attempt has moved the card and its conflict is the client's own.
func (t *trace) clicked(s *sight, op *history.Op) {
	twin := s.click.held && s.click.op.Record == op.Record && s.click.op.Expected == op.Expected &&
		(s.click.op.Flags^op.Flags)&history.Double != 0
	if !twin {
		t.release(s)
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
	t.move(s, &first)
}

// release counts an attempt that waited for its twin; a second click alone is
// no attempt.
func (t *trace) release(s *sight) {
	if !s.click.held {
		return
	}
	s.click.held = false
	if s.click.op.Flags&history.Double == 0 {
		t.move(s, &s.click.op)
	}
}

// move counts an attempt that may have been decided. The version it carries was
// read with the board, or answered by the operator's own last move of the card.
func (t *trace) move(s *sight, op *history.Op) {
	uncertain := op.Outcome.Uncertain()
	if !s.seen || !uncertain && op.Outcome != history.Applied && op.Outcome != history.Conflict {
		return
	}
	card, ok := t.card(op.Record)
	if !ok {
		t.skipped++
		return
	}
	read := call{s.start, s.end}
	if own, ok := s.own[op.Record]; ok {
		read = own
	}
	sent := call{op.Start, max(op.Start, op.End)}
	if op.Outcome == history.Applied {
		s.own[op.Record] = sent
	}
	warm := op.Flags&history.Warmup != 0
	if !warm && !uncertain {
		t.observed[card].attempts++
		if op.Outcome == history.Conflict {
			t.observed[card].conflicts++
		}
	}
	t.attempts = append(t.attempts, predict.Attempt{
		Card: card, ReadStart: seconds(read.start), ReadEnd: seconds(min(read.end, sent.start)),
		MoveStart: seconds(sent.start), MoveEnd: seconds(sent.end), Uncertain: uncertain, Uncounted: warm,
	})
	if len(t.attempts) == blockAttempts {
		t.predict()
	}
}

func (t *trace) card(id string) (int, bool) {
	i, ok := t.index[id]
	if !ok && len(t.ids) < mostCards {
		i, ok = len(t.ids), true
		t.index[id] = i
		t.ids = append(t.ids, id)
		t.observed = append(t.observed, tally{})
		t.predicted = append(t.predicted, prediction{})
	}
	return i, ok
}

// predict plays a block through as a correct server would have decided it.
func (t *trace) predict() {
	block := t.attempts
	t.attempts = t.attempts[:0]
	if len(block) == 0 || t.err != nil {
		return
	}
	p, err := predict.FromTrace(block, len(t.ids))
	if err != nil {
		t.err = err
		return
	}
	for i, e := range p.Cards {
		n := float64(e.Attempts)
		c := &t.predicted[i]
		c.attempts += n
		c.conflicts += n * e.Rate
		c.lower += n * e.Lower
		c.upper += n * e.Upper
	}
}

// finish settles what waits for a twin and predicts the last block.
func (t *trace) finish() error {
	for _, s := range t.operators {
		t.release(s)
	}
	t.predict()
	return t.err
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }
