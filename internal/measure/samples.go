package measure

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// Samples are the measured values, one by one, for tests that ask more than
// Numbers tells. Latencies are in ns; stats.Never is an answer that never came.
type Samples struct {
	Updates  stats.Series                      `json:"updates"` // of all attempts of the measured window
	Outcomes map[history.Outcome]*stats.Series `json:"outcomes"`
	Reads    stats.Series                      `json:"reads"`
	Response stats.Series                      `json:"response"` // open model: from the scheduled start
	Stale    stats.Series                      `json:"stale"`    // of updated and conflict: 1 for a conflict
}

// NewSamples returns empty samples.
func NewSamples() *Samples { return &Samples{Outcomes: map[history.Outcome]*stats.Series{}} }

// AddAttempt adds an attempt whose role is settled.
func (s *Samples) AddAttempt(op *history.Op) {
	if s == nil {
		return
	}
	ns := latencySince(op.Start, op)
	s.Updates.Add(ns)
	of := s.Outcomes[op.Outcome]
	if of == nil {
		of = &stats.Series{}
		s.Outcomes[op.Outcome] = of
	}
	of.Add(ns)
	if op.Scheduled != history.None {
		s.Response.Add(latencySince(op.Scheduled, op))
	}
	switch op.Outcome {
	case history.Applied:
		s.Stale.Add(0)
	case history.Conflict:
		s.Stale.Add(1)
	}
}

func (s *Samples) addRead(op *history.Op) {
	if s != nil {
		s.Reads.Add(latencySince(op.Start, op))
	}
}

// Len returns how many values are held.
func (s *Samples) Len() int {
	n := len(s.Updates.Kept()) + len(s.Reads.Kept()) + len(s.Response.Kept()) + len(s.Stale.Kept())
	for _, of := range s.Outcomes {
		n += len(of.Kept())
	}
	return n
}

// ByOutcome returns the latencies of one outcome, which may be none.
func (s *Samples) ByOutcome(o history.Outcome) *stats.Series {
	if of := s.Outcomes[o]; of != nil {
		return of
	}
	return &stats.Series{}
}
