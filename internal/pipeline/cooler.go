package pipeline

import (
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
)

// cooler returns what would make the load of a run cool enough for the limit of
// the conflict rate, where its conflicts are those of a correct server and too
// many; nil in all other runs, and where the manifest does not tell.
func cooler(m *run.Manifest, n *measure.Numbers, r *validity.Report, policy gate.Policy) []string {
	if m == nil || n == nil || r == nil || r.Contention == nil || r.Contention.Agreement != contention.Agrees.String() ||
		r.Contention.Observed <= policy.Limit(gate.ConflictRate) {
		return nil
	}
	p := playedLoad(m, n)
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
func playedLoad(m *run.Manifest, n *measure.Numbers) contention.Parameters {
	p := contention.Parameters{Spec: m.Spec, Board: typical(n.Reads.Latency), Move: typical(n.Latency.Latency)}
	if p.Cards == 0 {
		p.Cards = n.CardsSeen
	}
	return p
}

// typical returns latencies as a delay for the model.
func typical(l measure.Latency) workload.Delay {
	if l.P50MS == nil {
		return workload.Fixed(run.TypicalLatency)
	}
	median := time.Duration(*l.P50MS * float64(time.Millisecond))
	if l.P95MS == nil || *l.P95MS <= *l.P50MS {
		return workload.Fixed(median)
	}
	return workload.Lognormal{Median: median, P95: time.Duration(*l.P95MS * float64(time.Millisecond))}
}
