package validity

import (
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/workload"
)

// clockStep is how far the wall clock may drift from the monotonic one in a run
// before it must have been set.
const clockStep = 500 * time.Millisecond

// ends follows how a run ends: whether records were left, and what was still under
// way.
type ends struct {
	first, last int64 // start of the first operation of a turn, end of the last
	updated     int64 // end of the last update that was applied
	any         bool
	late        int   // operations under way when the declared time was over
	longest     int64 // how long the last of them took beyond it, ns
	unanswered  int   // of those, given up

	open map[int32][]int64 // by operator: starts of its last operations, while these are not answered

	audit audit // the last one
}

// audit counts the records of one reading of the list.
type audit struct {
	start             int64
	records, finished int
}

func (e *ends) add(op *history.Op, run *Run) {
	if op.Kind == history.Audit {
		if op.Start != e.audit.start || e.audit.records == 0 {
			e.audit = audit{start: op.Start}
		}
		e.audit.records++
		if run.States.IsValid(op.State) && run.States.IsFinal(op.State) {
			e.audit.finished++
		}
		return
	}
	if !e.any {
		e.first, e.any = op.Start, true
	}
	e.last = max(e.last, op.Start, op.End)
	if op.Kind == history.Update && op.Outcome == history.Applied {
		e.updated = max(e.updated, op.End)
	}
	over := e.first + int64(run.Duration)
	e.followOpen(op, over)
	if op.End > over {
		e.late++
		e.longest = max(e.longest, op.End-over)
	}
}

// followOpen keeps the operations that are not answered. When one was given up is
// not recorded, but an operator who goes on before the time is over has given up
// on what came before; second clicks go on with nothing.
func (e *ends) followOpen(op *history.Op, over int64) {
	if len(e.open) > 0 && op.Flags&history.Double == 0 && op.Start <= over {
		delete(e.open, op.Operator)
	}
	if op.Answered() {
		return
	}
	if e.open == nil {
		e.open = map[int32][]int64{}
	}
	e.open[op.Operator] = append(e.open[op.Operator], op.Start)
}

// settleOpen counts the operations that were under way when the time was over
// and were never answered: sent so late that their timeout was not.
func (e *ends) settleOpen(run Run) {
	over := e.first + int64(run.Duration)
	for _, starts := range e.open {
		for _, start := range starts {
			if start+int64(max(run.Timeout, time.Second)) > over {
				e.late++
				e.unanswered++
			}
		}
	}
	e.open = nil
}

// isUsedUp reports whether a forward walk came to its end before the time was
// over: as many records as were in play are finished and nothing was done for the
// last stretch of the run.
func (e *ends) isUsedUp(run Run) bool {
	idle := time.Duration(e.first + int64(run.Duration) - e.last)
	inPlay := e.audit.records
	if run.Records > 0 {
		inPlay = min(run.Records, inPlay)
	}
	return run.Walk == workload.Forward && run.Complete && e.any && inPlay > 0 &&
		e.audit.finished >= inPlay && idle > max(500*time.Millisecond, run.Duration/20)
}

// judgeLength says why a run was shorter than it might have been.
func (m *Measure) judgeLength() (Line, bool) {
	if m.run.Ended == "" {
		return Line{}, false
	}
	return Line{Name: "length", State: OK, Why: reason.New("length",
		"seconds", toSeconds(m.ends.last-m.ends.first), "most", m.run.Duration.String(), "text", m.run.Ended)}, true
}

// judgeRecords says whether the records lasted.
func (m *Measure) judgeRecords() (Line, bool) {
	l := Line{Name: "records", State: OK, Why: reason.New("records_endless")}
	switch {
	case m.run.Walk != workload.Forward:
	case m.ends.isUsedUp(m.run):
		l.State = Warning
		l.Why = reason.New("records_used_up", "after", toSeconds(m.ends.updated-m.ends.first), "of", m.run.Duration.String())
	default:
		l.Why = reason.New("records_lasted", "used", m.ends.audit.finished, "all", m.ends.audit.records)
	}
	return l, true
}

// judgeClock says whether the wall clock was set meanwhile.
func (m *Measure) judgeClock() (Line, bool) {
	if m.run.Wall <= 0 {
		return Line{}, false
	}
	step := m.run.ClockStep
	if step.Abs() <= clockStep {
		return Line{Name: "clock", State: OK, Why: reason.New("clock_kept")}, true
	}
	return Line{Name: "clock", State: Warning, Why: reason.New("clock_set", "step", step.Round(time.Millisecond).String())}, true
}

// judgeStragglers says what was under way when the time was over.
func (m *Measure) judgeStragglers() (Line, bool) {
	e := &m.ends
	if !e.any {
		return Line{}, false
	}
	e.settleOpen(m.run)
	l := Line{Name: "stragglers", State: OK, Why: reason.New("no_stragglers")}
	var parts []reason.Reason
	if answered := e.late - e.unanswered; answered > 0 {
		parts = append(parts, reason.New("ended_late", "n", answered, "longest", toMilliseconds(e.longest)))
	}
	if e.unanswered > 0 {
		l.State = Warning
		parts = append(parts, reason.New("never_answered", "n", e.unanswered))
	}
	if len(parts) > 0 {
		l.Why = reason.New("stragglers", "parts", parts)
	}
	return l, true
}
