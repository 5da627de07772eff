package compare

import (
	"math"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/stats"
)

// fewest is how many latencies each run must have: with fewer, the normal
// approximation of the rank test is not trusted, and nothing could be detected.
const fewest = 8

// compareLatencies compares two samples of latencies by the Mann–Whitney test and
// the Hodges–Lehmann shift.
func compareLatencies(name string, base, run *stats.Series, noise Noise) *Line {
	l := &Line{Group: Latencies, Name: name, Unit: gate.MS, Test: "Mann–Whitney, Hodges–Lehmann"}
	b, r := base.Sorted(), run.Sorted()
	l.Base, l.Run = latencyValue(base, b, 0.5), latencyValue(run, r, 0.5)
	switch {
	case base.Len() == 0 || run.Len() == 0:
		return l.setNoData(describeMissing(base.Len(), run.Len()))
	case len(b) < fewest || len(r) < fewest:
		return l.setTooFew()
	}
	margin := noise.latency(l.Base.Estimate)
	p := stats.NewPairs(b, r, math.Sqrt(varianceInflation(stats.RankPositions(base.Kept(), b), stats.RankPositions(run.Kept(), r))))
	l.Noise, l.p = float64(margin)/1e6, p.PValue(margin)
	a := p.Superiority()
	l.Effect = &Effect{Name: "probability of being slower", Value: a, Words: nameEffectSize(math.Abs(2*a-1), 0.147, 0.33, 0.474)}
	if shift, ok := p.Shift(); ok {
		l.Difference = newFloat(shift / 1e6)
		if l.Base.Estimate != nil && *l.Base.Estimate > 0 {
			l.Relative = newFloat(*l.Difference / *l.Base.Estimate)
		}
	}
	l.settle = func(l *Line, alpha float64) int {
		lower, upper := p.Interval(alpha)
		low, high := toMS(lower, math.Inf(-1)), toMS(upper, math.Inf(1))
		l.Lower, l.Upper = finiteOrNil(low), finiteOrNil(high)
		if l.Difference != nil {
			l.Detectable = finiteOrNil(l.Noise + (*l.Difference-low)*powerMargin(alpha))
		}
		return findDirection(low, high, l.Noise)
	}
	return l
}

// compareP95 compares the p95 of two samples through the bounds of both.
func compareP95(base, run *stats.Series, noise Noise) *Line {
	l := &Line{Group: Gates, Name: gate.P95, Unit: gate.MS, Test: "binomial order statistics of both, combined"}
	b, r := base.Sorted(), run.Sorted()
	l.Base, l.Run = latencyValue(base, b, measure.P95), latencyValue(run, r, measure.P95)
	if base.Len() == 0 || run.Len() == 0 {
		return l.setNoData(describeMissing(base.Len(), run.Len()))
	}
	l.Noise = float64(noise.latency(l.Base.Estimate)) / 1e6
	bq, rq := p95Estimator(base, b), p95Estimator(run, r)
	if l.Base.Estimate != nil && l.Run.Estimate != nil {
		l.Difference = newFloat(*l.Run.Estimate - *l.Base.Estimate)
		if *l.Base.Estimate > 0 {
			l.Relative = newFloat(*l.Difference / *l.Base.Estimate)
			l.Effect = newRatioEffect(*l.Run.Estimate / *l.Base.Estimate)
		}
	}
	l.p = findPValue(bq, rq, l.Noise)
	l.settle = func(l *Line, alpha float64) int {
		lower, upper := boundDifference(bq(alpha), rq(alpha))
		l.Lower, l.Upper = finiteOrNil(lower), finiteOrNil(upper)
		if l.Difference != nil {
			l.Detectable = finiteOrNil(l.Noise + (*l.Difference-lower)*powerMargin(alpha))
		}
		return findDirection(lower, upper, l.Noise)
	}
	return l
}

func p95Estimator(s *stats.Series, sorted []int64) estimator {
	limit := sorted[stats.Rank(len(sorted), measure.P95)-1]
	return estimateQuantile(sorted, measure.P95, stats.VarianceInflation(stats.MarkExceeding(s.Kept(), limit)))
}

// varianceInflation returns the factor by which dependence between samples
// increases the variance of U. Each run adds to it in proportion to the
// other's length.
func varianceInflation(base, run []float64) float64 {
	m, n := float64(len(base)), float64(len(run))
	return (n*stats.VarianceInflation(base) + m*stats.VarianceInflation(run)) / (m + n)
}

// latency returns in ns what a difference of latencies must exceed.
func (n Noise) latency(base *float64) int64 {
	least := int64(n.Latency)
	if base == nil {
		return least
	}
	return max(least, int64(n.Relative**base*1e6))
}

func latencyValue(s *stats.Series, sorted []int64, q float64) Value {
	v := Value{N: s.Len()}
	if s.Stride() > 1 {
		v.Kept = len(sorted)
	}
	if len(sorted) > 0 {
		v.Estimate = finiteOrNil(toMilliseconds(sorted[stats.Rank(len(sorted), q)-1]))
	}
	return v
}

// toMS converts a bound from ns to ms. For a missing bound it returns
// otherwise.
func toMS(ns *int64, otherwise float64) float64 {
	switch {
	case ns == nil:
		return otherwise
	case *ns == stats.Never || *ns == -stats.Never:
		return math.Copysign(math.Inf(1), float64(*ns))
	}
	return float64(*ns) / 1e6
}

func newRatioEffect(v float64) *Effect {
	size := nameEffectSize(math.Abs(math.Log(max(v, 1e-9))), math.Log(1.1), math.Log(1.5), math.Log(2))
	return &Effect{Name: "ratio", Value: v, Words: size}
}

// setTooFew sets the verdict of a line whose samples are too few to detect any
// change.
func (l *Line) setTooFew() *Line {
	l.Verdict, l.Reason = NoChange, "too few to detect any change"
	return l
}
