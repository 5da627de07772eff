package predict

import (
	"math"
	"math/rand/v2"

	"github.com/occbench/occbench/internal/workload"
)

// equilibrium is the state that a load settles in: conflicts make turns
// longer, longer turns make fewer attempts, fewer attempts make fewer
// conflicts. It is found by iteration.
type equilibrium struct {
	Parameters
	first  Window // of the first attempt of a turn
	retry  Window // of the others, which are not preceded by thinking
	groups []group
	turns  float64 // per second
	played bool    // rates are Simulate's, not the formula's
}

// findEquilibrium returns the equilibrium of a load whose turns begin at a constant rate or, with
// a rate of 0, as the operators of a closed model begin them.
func findEquilibrium(p Parameters, rate float64) (equilibrium, error) {
	e := newEquilibrium(p)
	for range 100 {
		was := e.attemptRate()
		e.turns = rate
		if rate == 0 {
			e.turns = float64(p.Operators) / (p.cycleSeconds() + e.recoveryTime())
		}
		for i := range e.groups {
			e.setConflictRate(&e.groups[i])
		}
		if p.Attempts < 2 || math.Abs(e.attemptRate()-was) < 1e-4*was {
			break
		}
	}
	if e.isRegular() {
		return e, e.simulateRuns()
	}
	return e, nil
}

func newEquilibrium(p Parameters) equilibrium {
	return equilibrium{
		Parameters: p,
		first:      p.window(),
		retry:      newWindow(part{p.Read, 0.5}, part{p.Update, 0.5}),
		groups:     formGroups(p.Pick.Shares(p.Records)),
	}
}

// window is the window of a first attempt: what is left of reading the list
// after the server read it (or the age of a held list), thinking, and the
// part of the update before the server decides it.
func (p Parameters) window() Window {
	read := part{p.Read, 0.5}
	if p.Refresh > 0 {
		read = part{workload.Uniform{From: 0, To: p.Refresh}, 1}
	}
	return newWindow(read, part{p.Think, 1}, part{p.Update, 0.5})
}

// setConflictRate sets a group's conflict rate for the current rate of turns.
func (e *equilibrium) setConflictRate(g *group) {
	if e.Pick.IsOwn() {
		g.attempts = e.turns * g.share
		return
	}
	turns := e.turns * g.share
	g.attempts = turns * (1 + g.retries)
	rivals := g.attempts * e.rivalShare()
	w := e.first.mix(e.retry, g.retries/(1+g.retries))
	g.conflict = computeConflictRate(rivals, w)
	g.firsts, g.beaten = g.conflict, g.conflict
	if e.Attempts < 2 {
		return
	}
	gap := w.Gap(rivals)
	g.firsts = w.conflictRate(rivals, gap, e.first.Mean())
	e.recover(g, e.retryProbability(g, rivals), w.conflictRate(rivals, gap, e.retry.Mean()))
}

// recover follows a turn through its attempts: each conflict leads with
// probability again to another attempt, which conflicts with probability loss.
func (e *equilibrium) recover(g *group, again, loss float64) {
	var retries float64
	g.beaten = g.firsts
	for range e.Attempts - 1 {
		retry := g.beaten * again
		retries += retry
		g.beaten = retry * loss
	}
	g.retries = (g.retries + retries) / 2 // damped: the plain iteration can swing
}

// retryProbability returns the probability that a conflict is followed by another attempt. The
// refetch finds the record where it was wanted unless one more update happened in
// the meantime (after two it is there again). The update that won may lie anywhere
// in the window that lost: with a constant window no second one follows within
// it, so the early ones count and not their mean.
func (e *equilibrium) retryProbability(g *group, rivals float64) float64 {
	const points = 16
	w := e.first.mix(e.retry, g.retries/(1+g.retries))
	refetch := (MeanSeconds(e.Update)+MeanSeconds(e.Read))/2 + e.meanBackoff()
	var sum float64
	for i := range points {
		meantime := (float64(i)+0.5)/points*e.first.Mean() + refetch
		next := 1 - w.survivalProbability(rivals, meantime)
		sum += next * (1 - next/2) / points
	}
	return sum
}

// rivalShare returns the share of the attempts on a record that can make an attempt lose.
// Of N operators, N−1 are rivals. Turns that begin evenly spaced, h apart, put
// only ⌊W/h⌋ others into a window, where a Poisson process puts W/h: none at
// all when one turn ends before the next begins.
func (e *equilibrium) rivalShare() float64 {
	if !e.IsOpen() {
		return 1 - 1/float64(e.Operators)
	}
	overlapping := e.first.Mean() * e.turns
	if e.Arrivals == Poisson || overlapping == 0 {
		return 1
	}
	var whole float64
	for _, w := range e.first.at {
		whole += math.Floor(w*e.turns) / float64(len(e.first.at))
	}
	return whole / overlapping
}

// recoveryTime returns the mean time in seconds that a turn spends on its conflicts.
func (e *equilibrium) recoveryTime() float64 {
	if e.Attempts < 2 {
		return 0
	}
	refetch := MeanSeconds(e.Read) + e.meanBackoff()
	var seconds float64
	for _, g := range e.groups {
		conflicts := (1+g.retries)*g.conflict - g.beaten // the last one is not recovered from
		seconds += g.share * g.records() * (max(conflicts, 0)*refetch + g.retries*MeanSeconds(e.Update))
	}
	return seconds
}

// meanBackoff is the mean wait in seconds before the first retry.
func (p Parameters) meanBackoff() float64 {
	if p.Backoff == (workload.Backoff{}) {
		return 0
	}
	const draws = 256
	r := rand.New(rand.NewPCG(5, 6))
	var sum float64
	for range draws {
		sum += p.Backoff.Wait(1, 0, r).Seconds()
	}
	return sum / draws
}

// conflictRate returns the conflict rate over all records.
func (e *equilibrium) conflictRate() float64 {
	var attempts, conflicts float64
	for _, g := range e.groups {
		attempts += g.records() * g.attempts
		conflicts += g.records() * g.attempts * g.conflict
	}
	if attempts == 0 {
		return 0
	}
	return conflicts / attempts
}

// attemptRate is the number of attempts per second on all records.
func (e *equilibrium) attemptRate() float64 {
	var sum float64
	for _, g := range e.groups {
		sum += g.records() * g.attempts
	}
	return sum
}

// beatenRate is the number of turns per second that end with a conflict after
// their last attempt.
func (e *equilibrium) beatenRate() float64 {
	var sum float64
	for _, g := range e.groups {
		sum += g.records() * g.share * e.turns * g.beaten
	}
	return sum
}
