package compare

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/occbench/occbench/internal/gate"
)

// power is the chance with which Line.Detectable would have been detected.
const power = 0.8

// hits is a share of bad cases.
type hits struct {
	bad, n int
	effect float64 // how many samples tell as much as one that is independent
}

func (h hits) ratio() float64 { return float64(h.bad) / float64(h.n) }

// compareShares compares two shares of bad cases.
func compareShares(group Group, name string, base, run hits, noise Noise) *Line {
	l := &Line{Group: group, Name: name, Unit: gate.Ratio, Test: "Newcombe's interval from Clopper–Pearson bounds",
		Base: Value{N: base.n}, Run: Value{N: run.n}}
	for _, side := range []struct {
		v *Value
		h hits
	}{{&l.Base, base}, {&l.Run, run}} {
		if side.h.n > 0 {
			side.v.Estimate, side.v.Hits = newFloat(side.h.ratio()), &side.h.bad
		}
	}
	if base.n == 0 || run.n == 0 {
		return l.setNoData(describeMissing(base.n, run.n))
	}
	l.Noise = noise.Relative * base.ratio()
	l.Effect = newCohenEffect(base.ratio(), run.ratio())
	if base.bad > 0 {
		l.Relative = newFloat(run.ratio()/base.ratio() - 1)
	}
	b, r := estimateShare(base.bad, base.n, base.effect), estimateShare(run.bad, run.n, run.effect)
	l.p = findPValue(b, r, l.Noise)
	l.settle = func(l *Line, alpha float64) int {
		lower, upper := boundDifference(b(alpha), r(alpha))
		l.Difference, l.Lower, l.Upper = newFloat(run.ratio()-base.ratio()), newFloat(lower), newFloat(upper)
		l.Detectable = findDetectable(b, run, base.ratio(), l.Noise, alpha)
		return findDirection(lower, upper, l.Noise)
	}
	return l
}

// findDetectable returns by how much the run's share must exceed the base's to
// be called larger with the power. It first finds the fewest hits that would
// have been, and then the share at which so many occur.
func findDetectable(base estimator, run hits, ratio, margin, alpha float64) *float64 {
	at := base(alpha)
	enough := sort.Search(run.n+1, func(k int) bool {
		lower, _ := boundDifference(at, estimateShare(k, run.n, run.effect)(alpha))
		return lower > margin
	})
	if enough > run.n || enough == 0 {
		return nil
	}
	k, n := float64(enough)/run.effect, float64(run.n)/run.effect
	return newFloat(mathext.InvRegIncBeta(k, n-k+1, power) - ratio)
}

// newCohenEffect returns the difference of two shares on a scale on which it is as easy to
// see near 0 as in the middle.
//
// J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed.
// (1988), section 6.2.
func newCohenEffect(base, run float64) *Effect {
	h := 2*math.Asin(math.Sqrt(run)) - 2*math.Asin(math.Sqrt(base))
	return &Effect{Name: "Cohen's h", Value: h, Words: nameEffectSize(math.Abs(h), 0.2, 0.5, 0.8)}
}

// nameEffectSize returns the size of an effect in a word; other authors call
// "tiny" negligible.
func nameEffectSize(v, small, medium, large float64) string {
	switch {
	case v < small:
		return "tiny"
	case v < medium:
		return "small"
	case v < large:
		return "medium"
	}
	return "large"
}

// invert turns the share of bad cases into the share of good ones.
func (l *Line) invert() *Line {
	for _, v := range []*Value{&l.Base, &l.Run} {
		if v.Hits != nil {
			good := v.N - *v.Hits
			v.Hits, v.Estimate = &good, newFloat(float64(good)/float64(v.N))
		}
	}
	if l.Effect != nil {
		l.Effect.Value = -l.Effect.Value
	}
	inner := l.settle
	if inner == nil {
		return l
	}
	l.settle = func(l *Line, alpha float64) int {
		up := inner(l, alpha)
		l.Difference, l.Lower, l.Upper = newFloat(-*l.Difference), newFloat(-*l.Upper), newFloat(-*l.Lower)
		return -up
	}
	return l
}

// powerMargin returns the factor by which a bound widens so that a difference
// is found with the power, and not only in every second case.
func powerMargin(alpha float64) float64 {
	return 1 + distuv.UnitNormal.Quantile(power)/distuv.UnitNormal.Quantile(1-alpha/2)
}
