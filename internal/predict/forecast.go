package predict

import (
	"math"

	"github.com/occbench/occbench/internal/workload"
)

// Forecast is the load of a run in means over its measured window.
type Forecast struct {
	Parameters
	TurnRate, AttemptRate float64 // turns and attempts per second
	Conflict              float64
	BeatenRate            float64 // turns per second that meet a conflict and do not recover
	Window                float64 // mean in seconds
	Hottest               Hottest
	Simulated             bool    // at least partly by Simulate
	OutAfter              float64 // seconds until a forward walk has used up all records; +Inf in a cycle
}

// Hottest is the record with the most attempts; with first it is the one that
// can be updated at the moment.
type Hottest struct {
	Record   int     `json:"record"` // index
	Share    float64 `json:"share"`
	Conflict float64 `json:"conflict_rate"`
}

// Expect returns the forecast by formula or, where no formula holds, by simulating the run.
func Expect(p Parameters) (*Forecast, error) {
	f, err := computeForecast(p)
	if err == nil && f.usesUp() {
		err = f.simulateRuns()
	}
	return f, err
}

func computeForecast(p Parameters) (*Forecast, error) {
	f := &Forecast{Parameters: p, OutAfter: math.Inf(1)}
	for _, rate := range p.rates() {
		e, err := findEquilibrium(p, rate)
		if err != nil {
			return nil, err
		}
		f.add(&e, 1/float64(len(p.rates())))
	}
	if f.AttemptRate > 0 {
		f.Conflict /= f.AttemptRate
	}
	if p.Walk == workload.Forward && f.updateRate() > 0 {
		f.OutAfter = workload.UpdatesPerRecord * float64(p.Records) / f.updateRate()
	}
	return f, nil
}

// rates are the rates to take the mean over: one, or a ramp's in steps. 0 is
// a closed model's.
func (p Parameters) rates() []float64 {
	if p.IsOpen() && p.RampTo > 0 {
		const steps = 16
		rates := make([]float64, steps)
		for i := range rates {
			rates[i] = p.rateAt(p.Warmup.Seconds() + (float64(i)+0.5)/steps*p.measuredSeconds())
		}
		return rates
	}
	return []float64{p.Rate}
}

// add sums up; conflict is a sum of conflicts per second until forecastOf
// divides it.
func (f *Forecast) add(e *equilibrium, weight float64) {
	hot := e.groups[0]
	f.Simulated = f.Simulated || e.played
	f.TurnRate += weight * e.turns
	f.AttemptRate += weight * e.attemptRate()
	f.Conflict += weight * e.attemptRate() * e.conflictRate()
	f.BeatenRate += weight * e.beatenRate()
	f.Window = e.first.Mean()
	f.Hottest.Record, f.Hottest.Share = hot.members[0], hot.share
	f.Hottest.Conflict += weight * hot.conflict
}

// updateRate returns the number of successful updates per second.
func (f *Forecast) updateRate() float64 { return f.AttemptRate * (1 - f.Conflict) }

// RunsOut reports whether the records are used up before the run is over.
func (f *Forecast) RunsOut() bool { return f.OutAfter < f.Duration.Seconds() }

// MeasuredSeconds returns how long the run is measured; a run that uses up its records ends there.
func (f *Forecast) MeasuredSeconds() float64 {
	return max(0, min(f.Duration.Seconds(), f.OutAfter)-f.Warmup.Seconds())
}

func (f *Forecast) ExpectedAttempts() float64 { return f.AttemptRate * f.MeasuredSeconds() }

// CountAttempts returns the expected number of attempts, rounded.
func (f *Forecast) CountAttempts() int { return int(math.Round(f.ExpectedAttempts())) }

// usesUp reports whether so many records are used up that those that are left
// are noticeably fewer, and hotter.
func (f *Forecast) usesUp() bool { return f.OutAfter < 3*f.Duration.Seconds() }

// simulateRuns replaces the means by those of simulated runs: how a forward walk ends
// depends on which records are left, and no formula keeps account of that.
func (f *Forecast) simulateRuns() error {
	runs := min(max(20_000/(workload.UpdatesPerRecord*f.Records+f.Operators), 2), 64)
	var seen Observed
	var out, seconds float64
	var ends int
	for seed := range uint64(runs) {
		o, err := Simulate(f.Parameters, seed)
		if err != nil {
			return err
		}
		seen.add(o)
		end := f.Duration.Seconds()
		if o.RanOutAt > 0 {
			end = o.RanOutAt
			out += end
			ends++
		}
		seconds += max(0, end-f.Warmup.Seconds())
	}
	f.OutAfter = math.Inf(1)
	if 2*ends > runs {
		f.OutAfter = out / float64(ends)
	}
	f.adopt(seen, seconds)
	return nil
}

// adopt takes over what was seen in so many seconds, if anything was.
func (f *Forecast) adopt(seen Observed, seconds float64) {
	if seen.Attempts == 0 || seconds <= 0 {
		return
	}
	f.Simulated = true
	f.TurnRate = float64(seen.Turns) / seconds
	f.AttemptRate = float64(seen.Attempts) / seconds
	f.BeatenRate = float64(seen.Beaten) / seconds
	f.Conflict = seen.ConflictRate()
	if f.Pick.IsFirst() { // the one record that everybody is at
		f.Hottest.Conflict = f.Conflict
	}
}
