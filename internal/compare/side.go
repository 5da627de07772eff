package compare

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/internal/validity"
)

// Side is one of the two runs, read.
type Side struct {
	Directory string
	Manifest  *run.Manifest // nil: there is none
	Verdict   gate.Result   // empty: there is none
	Numbers   measure.Numbers

	gates     []gate.Gate    // of the verdict
	anomalies map[string]int // proven, by invariant; nil: not known
	unchecked string         // why not
	moves     series         // latencies of all attempts
	outcomes  map[history.Outcome]*series
	reads     series
	response  series // open model: from the scheduled start
	stale     series // of moved and conflict: 1 for a conflict
}

// Read reads a run: its history, operation by operation, and what was decided
// about it. While it does so it holds 8 bytes per move and read, and then at
// most 16 MiB per class of latencies.
//
// A history that is missing or damaged is an error; so is one that ends within
// a line, because nobody knows how much is lost.
func Read(dir run.Dir) (*Side, error) {
	s := &Side{Directory: dir.Path(), outcomes: map[history.Outcome]*series{}}
	manifest, err := dir.ReadManifest()
	switch {
	case err == nil:
		s.Manifest = &manifest
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if err := s.judged(dir); err != nil {
		return nil, err
	}
	if lack := dir.Missing(run.HistoryFile); lack != "" {
		return nil, fmt.Errorf("reading run %s: %s", dir.Path(), lack)
	}
	return s, s.history(dir)
}

// judged reads verdict and findings, either of which may be missing.
func (s *Side) judged(dir run.Dir) error {
	var verdict gate.Verdict
	if err := dir.ReadJSON(run.VerdictFile, &verdict); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.Verdict, s.gates = verdict.Verdict, verdict.Gates
	var found check.Report
	changed, err := dir.ReadSealed(run.FindingsFile, &found)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.unchecked = dir.Missing(run.FindingsFile)
		return nil
	case err != nil:
		return err
	case changed:
		s.unchecked = dir.File(run.FindingsFile) + " was changed after `occbench check` wrote it"
		return nil
	case !found.Judged:
		s.unchecked = "the history of " + dir.Path() + " was not judged: " + strings.Join(found.Why, "; ")
		return nil
	}
	s.anomalies = map[string]int{}
	for i := range found.Anomalies {
		s.anomalies[found.Anomalies[i].ID.String()] = int(found.Anomalies[i].Count)
	}
	var asked probe.Result
	if err := dir.ReadJSON(run.ProbeFile, &asked); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for i := range asked.Defects {
		s.anomalies[asked.Defects[i].ID.String()]++
	}
	return nil
}

func (s *Side) history(dir run.Dir) error {
	cut := int64(0)
	if m := s.Manifest; m != nil && m.Spec.WarmupAuto {
		var w validity.Warmup
		if err := scan(dir, func(op *history.Op) { s.declared(op, w.Add) }); err != nil {
			return err
		}
		cut = int64(w.Cut(m.Spec.Duration))
	}
	add, done := s.collect()
	err := scan(dir, func(op *history.Op) {
		if op.Start < cut && op.Kind != history.Audit {
			op.Flags |= history.Warmup
		}
		add(op)
	})
	done()
	return err
}

// declared hands on an operation of the declared load; people in browsers and
// races are none of it.
func (s *Side) declared(op *history.Op, use func(*history.Op)) {
	if !(measure.Options{ApartFrom: s.Manifest.Spec.ApartFrom()}).OfApart(op) {
		use(op)
	}
}

// scan reads a history to its end.
func scan(dir run.Dir, use func(*history.Op)) (err error) {
	file, err := dir.Open(run.HistoryFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := history.NewReader(file, dir.File(run.HistoryFile))
	var op history.Op
	for {
		switch err := reader.Read(&op); {
		case err == io.EOF && reader.Truncated():
			return fmt.Errorf("reading %s:%d: the line is cut off; the run was killed or the disk was full", reader.Name(), reader.Line()+1)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		use(&op)
	}
}

// collect returns what takes the operations one after the other, and what must
// be called after the last.
func (s *Side) collect() (add func(*history.Op), done func()) {
	o := measure.Options{Attempt: s.attempt}
	if m := s.Manifest; m != nil {
		o.Attempts, o.Budget = m.Spec.Attempts, m.Spec.Budget
		o.ApartFrom = m.Spec.ApartFrom()
	}
	m := measure.New(o)
	add = func(op *history.Op) {
		m.Add(op)
		if op.Kind == history.Read && op.Flags&history.Warmup == 0 && !op.ListFault() && !measure.UsedUp(op) && !o.OfApart(op) {
			s.reads.add(since(op.Start, op))
		}
	}
	done = func() {
		m.Attempts()
		s.Numbers = m.Numbers()
	}
	return add, done
}

func (s *Side) attempt(op *history.Op) {
	ns := since(op.Start, op)
	s.moves.add(ns)
	of := s.outcomes[op.Outcome]
	if of == nil {
		of = &series{}
		s.outcomes[op.Outcome] = of
	}
	of.add(ns)
	if op.Scheduled != history.None {
		s.response.add(since(op.Scheduled, op))
	}
	switch op.Outcome {
	case history.Applied:
		s.stale.add(0)
	case history.Conflict:
		s.stale.add(1)
	}
}

// since returns the time from a moment to the answer; stats.Never without one.
func since(start int64, op *history.Op) int64 {
	if !op.Answered() {
		return stats.Never
	}
	return op.End - start
}

// latencies returns those of one outcome, which may be none.
func (s *Side) latencies(o history.Outcome) *series {
	if of := s.outcomes[o]; of != nil {
		return of
	}
	return &series{}
}
