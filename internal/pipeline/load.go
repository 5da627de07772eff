package pipeline

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/validity"
)

// typicalLatency stands for a call's latency where no probe has measured it.
const typicalLatency = 5 * time.Millisecond

// latencies are those of the target's calls; nil is not known.
type latencies struct {
	board, move contention.Delay
	source      string // where they come from, in words
}

// UsageError is a combination of settings that makes no sense.
type UsageError struct{ Reason string }

func (e *UsageError) Error() string { return e.Reason }

// ExitCode is that of a usage error.
func (e *UsageError) ExitCode() int { return 2 }

// settleLoad decides what the settings leave open, the warm-up of a short run,
// the number of cards and how many operators a rate needs, and refuses what
// excludes each other.
func (p *Pipeline) settleLoad(l latencies) error {
	s := p.Settings
	if s.Warmup >= s.Duration {
		if s.Given("warmup") {
			return &UsageError{fmt.Sprintf("--warmup %s leaves nothing of --duration %s to judge; give a shorter warm-up", s.Warmup, s.Duration)}
		}
		s.Warmup = s.Duration / 10
	}
	params, err := p.contention(l)
	if err != nil {
		return err
	}
	if s.Cards == 0 {
		if s.Cards, err = contention.CardsFor(params); err != nil {
			return &UsageError{err.Error()}
		}
	}
	if err := s.Pick.Check(s.Cards, s.Operators); err != nil {
		return &UsageError{err.Error()}
	}
	if s.Rate > 0 && s.MaxOperators == 0 {
		turn := s.Think.Mean() + params.Board.Mean() + params.Move.Mean()
		s.MaxOperators = operator.Needed(max(s.Rate, s.RampTo), turn)
	}
	return nil
}

// contention returns the declared contention as the model wants it.
func (p *Pipeline) contention(l latencies) (contention.Parameters, error) {
	s := p.Settings
	backoff, err := contention.ParseBackoff(s.Backoff, 50*time.Millisecond, time.Second)
	if err != nil {
		return contention.Parameters{}, err
	}
	if l.board == nil {
		l.board = contention.Fixed(typicalLatency)
	}
	if l.move == nil {
		l.move = contention.Fixed(typicalLatency)
	}
	warmup := s.Warmup
	if s.WarmupAuto { // as much as it may cut at most
		warmup = time.Duration(validity.MostWarmup * float64(s.Duration))
	}
	return contention.Parameters{
		Operators: s.Operators, Rate: s.Rate, RampTo: s.RampTo, Duration: s.Duration, WarmUp: warmup,
		Cards: s.Cards, Pick: s.Pick, Walk: s.Walk, Think: s.Think, Pause: s.Pause,
		Board: l.board, Move: l.move,
		Refresh: s.Refresh, DoubleMoves: s.DoubleMoves, Attempts: s.Attempts, Backoff: backoff,
	}, nil
}
