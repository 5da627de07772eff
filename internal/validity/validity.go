// Package validity says what the numbers of a run rest on: where the warm-up
// was cut, whether the load generator kept up, whether the records lasted, and
// whether the conflicts are those that a correct server must give.
//
// Its opinion: a number is only as good as the load it was measured under, and
// the generator is the first suspect. What it cannot vouch for it names, and
// what it holds against a gate it says in one sentence that names the remedy.
//
// Everything is taken from the history in one pass; what the history cannot
// know, the processor time of the generator for example, is told in Run.
package validity

import (
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
)

// Run holds the facts of a run beside its history: its spec and its end.
type Run struct {
	run.Spec
	Cut      time.Duration // where the warm-up was cut, by the clock of the history; 0: by the flags alone
	Complete bool          // the load was not ended before its time
	Ended    string        // why it was, when that was meant

	Planned, Dropped int64         // open model: turns of the schedule, and those that never began
	CPU              time.Duration // processor time of the generator; 0: unknown
	Cores            float64       // that it could use
	Throttled        time.Duration // how long a quota held it back
	Wall             time.Duration // how long the generator ran
	ClockStep        time.Duration // what the wall clock was set by meanwhile

	Generators []Generator // of a run that several made: each by itself

	States *api.States // of the records; nil: none are known
	Stalls *stall.List // of the generator itself; nil: it did not watch itself

	P95Limit   time.Duration // of the gate
	Confidence float64       // one-sided
}

// Generator is the load that one of several generators put on its machine.
type Generator struct {
	Name           string
	CPU, Throttled time.Duration
	Cores          float64
	Wall           time.Duration
}

// Report is the result of Measure.
type Report struct {
	Contention *Contention `json:"contention,omitempty"` // nil: no update was decided
	Lines      []Line      `json:"lines"`
	Course     *Course     `json:"course,omitempty"` // nil: no update was decided
}

// Line is one thing that the numbers rest on.
type Line struct {
	Name   string        `json:"name"`
	State  State         `json:"state"`
	Why    reason.Reason `json:"why"`
	Voids  []string      `json:"voids,omitempty"`   // gates that cannot be decided because of it
	Doubts []string      `json:"doubts,omitempty"`  // gates whose FAIL may be its fault; their PASS stands
	LateMS float64       `json:"late_ms,omitempty"` // to be taken off measured times before they accuse
	Busy   bool          `json:"busy,omitempty"`    // the machine was too busy to blame a page for being late
}

// Reason returns the line as the reason of an answer.
func (l *Line) Reason() reason.Reason { return reason.New("rests_on", "name", l.Name, "why", l.Why) }

// State is how a line stands.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning"
	Void    State = "void"
)

// Warnings returns the lines that a reader must not overlook.
func (r *Report) Warnings() []reason.Reason {
	var all []reason.Reason
	for i := range r.Lines {
		if r.Lines[i].State != OK {
			all = append(all, r.Lines[i].Reason())
		}
	}
	if c := r.Contention; c != nil && c.Agreement != predict.Agrees.String() {
		all = append(all, c.warning())
	}
	return all
}

// Measure follows a history. Start from New.
type Measure struct {
	run    Run
	finals []string // states that no update leaves
	trace  *trace
	phases phases
	pace   pace
	ends   ends
}

// New returns a measure of a run.
func New(run Run) *Measure {
	if run.States == nil {
		run.States = &api.States{}
	}
	return &Measure{run: run, finals: run.States.Finals(), trace: &trace{}, pace: newPace(run)}
}

// Add takes the next operation of the history, in the order of the file. It
// keeps no reference to op, only to its strings.
func (m *Measure) Add(op *history.Op) {
	if measure.IsUsedUp(m.finals, op) {
		return
	}
	m.ends.add(op, &m.run)
	if op.Kind == history.Audit || op.ListFault() {
		return
	}
	m.pace.add(op)
	m.phases.add(op)
	m.trace.add(op)
}

// Predicted returns the conflict rates of a correct server by record, once the measure
// has ended.
func (m *Measure) Predicted() map[string]float64 { return m.trace.listExpectedRates() }

// Report ends the measure.
func (m *Measure) Report() (Report, error) {
	c, err := m.trace.findContention(m.run)
	if err != nil {
		return Report{}, err
	}
	r := Report{Contention: c, Course: m.trace.course.roundRates()}
	for _, judge := range []func() (Line, bool){
		m.judgeLength, m.judgeModel, m.judgeWarmup, m.judgeColdStart, m.judgeProcessor, m.judgeStalls,
		m.judgeTimers, m.judgeDropped, m.judgeClock, m.judgeRecords, m.judgeStragglers,
	} {
		if l, ok := judge(); ok {
			r.Lines = append(r.Lines, l)
		}
	}
	return r, nil
}
