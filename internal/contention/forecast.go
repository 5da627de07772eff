package contention

import (
	"math"

	"github.com/occbench/occbench/internal/workload"
)

// forecast is the load of a run in means over its measured window.
type forecast struct {
	Parameters
	turns, rate float64 // turns and attempts per second
	conflict    float64
	beaten      float64 // turns per second that meet a conflict and do not recover
	window      float64 // mean in seconds
	hottest     Hottest
	played      bool    // at least partly by Simulate
	outAfter    float64 // seconds until a forward walk has used up all cards; +Inf in a cycle
}

// expect is the forecast by formula, or by playing the run where a formula
// does not reach.
func expect(p Parameters) (*forecast, error) {
	f, err := forecastOf(p)
	if err == nil && f.usesUp() {
		err = f.play()
	}
	return f, err
}

func forecastOf(p Parameters) (*forecast, error) {
	f := &forecast{Parameters: p, outAfter: math.Inf(1)}
	for _, rate := range p.rates() {
		e, err := settle(p, rate)
		if err != nil {
			return nil, err
		}
		f.add(&e, 1/float64(len(p.rates())))
	}
	if f.rate > 0 {
		f.conflict /= f.rate
	}
	if p.Walk == workload.Forward && f.moved() > 0 {
		f.outAfter = workload.MovesPerCard * float64(p.Cards) / f.moved()
	}
	return f, nil
}

// rates are the rates to take the mean over: one, or a ramp's in steps. 0 is
// a closed model's.
func (p Parameters) rates() []float64 {
	if p.open() && p.RampTo > 0 {
		const steps = 16
		rates := make([]float64, steps)
		for i := range rates {
			rates[i] = p.rateAt(p.Warmup.Seconds() + (float64(i)+0.5)/steps*p.measured())
		}
		return rates
	}
	return []float64{p.Rate}
}

// add sums up; conflict is a sum of conflicts per second until forecastOf
// divides it.
func (f *forecast) add(e *equilibrium, weight float64) {
	hot := e.groups[0]
	f.played = f.played || e.played
	f.turns += weight * e.turns
	f.rate += weight * e.attemptRate()
	f.conflict += weight * e.attemptRate() * e.conflict()
	f.beaten += weight * e.beatenRate()
	f.window = e.first.Mean()
	f.hottest.Card, f.hottest.Share = hot.members[0], hot.share
	f.hottest.Conflict += weight * hot.conflict
}

// moved is the number of successful moves per second.
func (f *forecast) moved() float64 { return f.rate * (1 - f.conflict) }

// runsOut reports whether the cards are used up before the run is over.
func (f *forecast) runsOut() bool { return f.outAfter < f.Duration.Seconds() }

// seconds is how long the run is measured: it is cut when the cards run out.
func (f *forecast) seconds() float64 {
	return max(0, min(f.Duration.Seconds(), f.outAfter)-f.Warmup.Seconds())
}

func (f *forecast) attempts() float64 { return f.rate * f.seconds() }

// samples is the whole number of attempts.
func (f *forecast) samples() int { return int(math.Round(f.attempts())) }

// usesUp reports whether so many cards are used up that those who are left
// are noticeably fewer, and hotter.
func (f *forecast) usesUp() bool { return f.outAfter < 3*f.Duration.Seconds() }

// play replaces the means by those of simulated runs: how a forward walk ends
// depends on which cards are left, and no formula keeps account of that.
func (f *forecast) play() error {
	runs := min(max(20_000/(workload.MovesPerCard*f.Cards+f.Operators), 2), 64)
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
	f.outAfter = math.Inf(1)
	if 2*ends > runs {
		f.outAfter = out / float64(ends)
	}
	f.adopt(seen, seconds)
	return nil
}

// adopt takes over what was seen in so many seconds, if anything was.
func (f *forecast) adopt(seen Observed, seconds float64) {
	if seen.Attempts == 0 || seconds <= 0 {
		return
	}
	f.played = true
	f.turns = float64(seen.Turns) / seconds
	f.rate = float64(seen.Attempts) / seconds
	f.beaten = float64(seen.Beaten) / seconds
	f.conflict = seen.ConflictRate()
	if f.Pick.First() { // the one card that everybody is at
		f.hottest.Conflict = f.conflict
	}
}
