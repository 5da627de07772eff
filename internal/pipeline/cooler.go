package pipeline

import (
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/internal/validity"
)

// cooler returns what would make the load of a run cool enough for the limit of
// the conflict rate, where its conflicts are those of a correct server and too
// many; nil in all other runs, and where the manifest does not tell.
func cooler(m *rundir.Manifest, n *measure.Numbers, r *validity.Report, policy gate.Policy) []string {
	if m == nil || n == nil || r == nil || r.Contention == nil || r.Contention.Agreement != contention.Agrees.String() ||
		r.Contention.Observed <= policy.ConflictRate {
		return nil
	}
	p, err := playedLoad(m, n)
	if err != nil {
		return nil // the manifest was edited; the verdict needs no advice
	}
	p.Limits = limits(policy)
	changes, err := contention.Cooler(p)
	if err != nil {
		return nil
	}
	var words []string
	for _, c := range changes {
		words = append(words, c.Flag())
	}
	return words
}

// playedLoad returns the contention that a run really had: as declared, with the
// latencies that were measured.
func playedLoad(m *rundir.Manifest, n *measure.Numbers) (p contention.Parameters, err error) {
	c := m.Contention
	p = contention.Parameters{
		Operators: c.Operators, Rate: c.RatePerSecond, RampTo: c.RampTo, Duration: time.Duration(c.Duration), WarmUp: time.Duration(c.Warmup),
		Cards: c.Cards, Refresh: time.Duration(c.Refresh), DoubleMoves: c.DoubleMoves, Attempts: c.Attempts,
		Board: typical(n.Reads.Latency), Move: typical(n.Latency.Latency),
	}
	if p.Cards == 0 {
		p.Cards = n.CardsSeen
	}
	if p.Think, err = contention.ParseDelay(c.Think); err != nil {
		return p, err
	}
	if p.Pause, err = contention.ParseDelay(c.Pause); err != nil {
		return p, err
	}
	if p.Pick, err = contention.ParsePick(c.Pick); err != nil {
		return p, err
	}
	if p.Walk, err = contention.ParseWalk(c.Walk); err != nil {
		return p, err
	}
	p.Backoff, err = contention.ParseBackoff(c.Backoff, 50*time.Millisecond, time.Second)
	return p, err
}

// typical returns latencies as a delay for the model.
func typical(l measure.Latency) contention.Delay {
	if l.P50MS == nil {
		return contention.Fixed(typicalLatency)
	}
	median := time.Duration(*l.P50MS * float64(time.Millisecond))
	if l.P95MS == nil || *l.P95MS <= *l.P50MS {
		return contention.Fixed(median)
	}
	return contention.Lognormal{Median: median, P95: time.Duration(*l.P95MS * float64(time.Millisecond))}
}
