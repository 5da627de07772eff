package pipeline

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
)

// latencies are those of the target's calls; nil is not known.
type latencies struct {
	board, move workload.Delay
	source      string // where they come from, in words
}

// UsageError is a combination of settings that makes no sense.
type UsageError struct{ Reason string }

func (e *UsageError) Error() string { return e.Reason }

// ExitCode is that of a usage error.
func (e *UsageError) ExitCode() int { return exit.BadUsage }

// resolve returns the declared spec with what it leaves open: the warm-up of a short
// run, the number of cards, and how many operators a rate needs. It refuses what
// excludes each other.
func (p *Pipeline) resolve(l latencies) (run.Spec, error) {
	s := p.Settings.Spec
	if s.Warmup >= s.Duration && p.Settings.Given("warmup") {
		return s, &UsageError{fmt.Sprintf("--warmup %s leaves nothing of --duration %s to judge; give a shorter warm-up", s.Warmup, s.Duration)}
	}
	s = s.FitWarmup()
	params := parameters(s, l)
	if s.Cards == 0 {
		cards, err := predict.CardsFor(params)
		if err != nil {
			return s, &UsageError{err.Error()}
		}
		s.Cards = cards
	}
	if err := s.Pick.Check(s.Cards, s.Operators); err != nil {
		return s, &UsageError{err.Error()}
	}
	if s.Open() && s.MaxOperators == 0 {
		s.MaxOperators = operator.Needed(&s, params.Board.Mean()+params.Move.Mean())
	}
	return s, nil
}

// parameters returns a spec as the model of contention takes it.
func parameters(s run.Spec, l latencies) predict.Parameters {
	if l.board == nil {
		l.board = workload.Fixed(run.TypicalLatency)
	}
	if l.move == nil {
		l.move = workload.Fixed(run.TypicalLatency)
	}
	if s.WarmupAuto { // as much as it may cut at most
		s.Warmup = time.Duration(validity.MostWarmup * float64(s.Duration))
	}
	return predict.Parameters{Spec: s, Board: l.board, Move: l.move}
}
