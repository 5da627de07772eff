package evidence

import (
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// suggestLoads returns changes of the load that would keep the conflict rate below its limit, for
// a run whose conflicts are those of a correct server and too many; nil for all other runs, and
// where the manifest does not tell.
func (e *Evidence) suggestLoads(policy gate.Policy) []string {
	r := e.Recording
	if e.Manifest == nil || r == nil || r.Validity == nil || r.Validity.Contention == nil ||
		r.Validity.Contention.Agreement != predict.Agrees.String() || r.Validity.Contention.Observed <= policy.Limit(gate.ConflictRate) {
		return nil
	}
	changes, err := plan.ReduceConflicts(plan.Load{Parameters: toParameters(e.Manifest, &r.Numbers), Limits: ContentionLimits(policy)})
	if err != nil {
		return nil
	}
	var words []string
	for _, c := range changes {
		words = append(words, c.String())
	}
	return words
}

// toParameters returns the contention that a run really had: as declared, with the
// latencies that were measured.
func toParameters(m *run.Manifest, n *measure.Numbers) predict.Parameters {
	p := predict.Parameters{Spec: m.Spec, Read: fitDelay(n.Reads.Latency), Update: fitDelay(n.Latency.Latency)}
	if p.Records == 0 {
		p.Records = n.RecordsSeen
	}
	return p
}

// fitDelay returns the distribution of latencies as a delay for the model.
func fitDelay(l measure.Latency) workload.Delay {
	if l.P50MS == nil {
		return workload.Fixed(run.TypicalLatency)
	}
	median := time.Duration(*l.P50MS * float64(time.Millisecond))
	if l.P95MS == nil || *l.P95MS <= *l.P50MS {
		return workload.Fixed(median)
	}
	return workload.Lognormal{Median: median, P95: time.Duration(*l.P95MS * float64(time.Millisecond))}
}

// ContentionLimits returns the limits of those gates of a policy that contention decides.
func ContentionLimits(policy gate.Policy) plan.Limits {
	l := plan.Limits{P95: policy.Asks(gate.P95), Recovery: policy.Asks(gate.Recovery), Confidence: policy.Confidence}
	if policy.Asks(gate.ConflictRate) {
		l.Conflict = policy.Limit(gate.ConflictRate)
	}
	if policy.Asks(gate.ErrorRate) {
		l.Error = policy.Limit(gate.ErrorRate)
	}
	return l
}
