package predict

import (
	"math/rand/v2"

	"github.com/occbench/occbench/internal/workload"
)

// windowPoints is how many values stand in for a distribution: as many as keep
// the model within 0.001 of its closed forms.
const windowPoints = 128

// newWindow returns the distribution of a sum of independent parts.
//
// Each part gives its values at evenly spaced probabilities, in its own random
// order (Latin hypercube sampling): the mean of every part is met far better
// than by as many independent draws, and the same parts give the same window.
func newWindow(parts ...part) Window {
	sum := make([]float64, windowPoints)
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range parts {
		values := p.values()
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		for i := range sum {
			sum[i] += values[i]
		}
	}
	return sampleWindow(sum)
}

// part is a share of a delay, for example half of a call's latency.
type part struct {
	delay workload.Delay
	share float64
}

func (p part) values() []float64 {
	values := make([]float64, windowPoints)
	if p.delay == nil || p.share == 0 {
		return values
	}
	var sum float64
	for i := range values {
		values[i] = p.share * p.delay.Quantile((float64(i)+0.5)/windowPoints)
		sum += values[i]
	}
	// The outermost quantile stands for an unbounded tail; put back what it lost.
	if target := p.share * MeanSeconds(p.delay) * windowPoints; sum > 0 {
		for i := range values {
			values[i] *= target / sum
		}
	}
	return values
}
