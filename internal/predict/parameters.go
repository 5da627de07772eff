package predict

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// Parameters declare the contention of one run: its spec, and what the spec does
// not say. Operators (closed model) and Rate (open model) exclude each other. A nil
// delay is none, and so is a backoff that is not declared.
type Parameters struct {
	run.Spec
	Arrivals Arrivals

	Read   workload.Delay // latency of reading the list
	Update workload.Delay // latency of an update
}

// Arrivals is how the turns of an open model begin.
type Arrivals uint8

// The arrivals: k6 spaces iterations evenly; independent customers would be a
// Poisson process.
const (
	Even Arrivals = iota
	Poisson
)

// Check says which parameters are senseless or exclude each other, and why.
func (p Parameters) Check() error {
	switch {
	case p.Operators > 0 && p.Rate > 0:
		return fmt.Errorf("planning the load: operators and rate exclude each other: a rate starts turns no matter how many operators " +
			"are " +
			"busy; give one of them")
	case p.Operators <= 0 && p.Rate <= 0:
		return fmt.Errorf("planning the load: neither operators nor a rate; give one of them, above 0")
	case isBadRate(p.Rate) || isBadRate(p.RampTo):
		return fmt.Errorf("planning the load: a rate must be a number of 0 or more turns per second")
	case p.RampTo > 0 && p.Rate <= 0:
		return fmt.Errorf("planning the load: a ramp belongs to the open model; give the rate it begins at, and no operators")
	case p.Refresh < 0:
		return fmt.Errorf("planning the load: refresh %v is negative; use 0 to read the list for every turn", p.Refresh)
	case p.Duration <= 0:
		return fmt.Errorf("planning the load: duration %v; use more than 0", p.Duration)
	case p.Warmup < 0 || p.Warmup >= p.Duration:
		return fmt.Errorf("planning the load: warm-up %v leaves nothing of %v to measure; use a shorter one", p.Warmup, p.Duration)
	case !(p.DoubleUpdates >= 0 && p.DoubleUpdates <= 1):
		return fmt.Errorf("planning the load: share of double updates %v; use 0–1", p.DoubleUpdates)
	case p.Operators > 0 && p.cycleSeconds() <= 0:
		return fmt.Errorf("planning the load: think, pause and both latencies are 0, so %d operators would make infinitely many turns; "+
			"give "+
			"the latencies that probe measures", p.Operators)
	}
	return p.Pick.Check(p.Records, p.Operators)
}

func isBadRate(r float64) bool { return math.IsNaN(r) || math.IsInf(r, 0) || r < 0 }

func (p Parameters) IsOpen() bool { return p.Operators <= 0 }

// measuredSeconds returns the length of the measured window in seconds.
func (p Parameters) measuredSeconds() float64 { return (p.Duration - p.Warmup).Seconds() }

// cycleSeconds returns the mean time in seconds from one turn of an operator to the next
// when nothing is retried. With a held list the reads are beside the turn.
func (p Parameters) cycleSeconds() float64 {
	c := MeanSeconds(p.Think) + MeanSeconds(p.Update) + MeanSeconds(p.Pause)
	if p.Refresh == 0 {
		c += MeanSeconds(p.Read)
	}
	return c
}

func MeanSeconds(d workload.Delay) float64 {
	if d == nil {
		return 0
	}
	return d.Mean().Seconds()
}

// rateAt is the open model's rate at a moment of the run in seconds.
func (p Parameters) rateAt(now float64) float64 {
	if p.RampTo <= 0 {
		return p.Rate
	}
	return p.Rate + (p.RampTo-p.Rate)*min(now/p.Duration.Seconds(), 1)
}
