package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Pairs are all differences run − base of two samples of latencies in ns. There
// are base × run of them, so they are counted and never written down.
type Pairs struct {
	base, run   []int64 // ascending, Never last
	baseN, runN int     // those that came
	sigma       float64 // standard deviation of the Mann–Whitney U, ties corrected
}

// NewPairs returns the pairs of two ascending samples. The deviation of U is multiplied by
// inflation, 1 for samples that are independent of each other.
func NewPairs(base, run []int64, inflation float64) *Pairs {
	p := &Pairs{base: base, run: run, baseN: countFinite(base), runN: countFinite(run)}
	p.sigma = p.deviation() * inflation
	return p
}

// count returns the number of pairs.
func (p *Pairs) count() float64 { return float64(len(p.base)) * float64(len(p.run)) }

// u returns how many differences are larger than d, those equal to d counted
// half: the Mann–Whitney statistic of the run against the base moved by d.
func (p *Pairs) u(d int64) float64 {
	above, equal := p.countAbove(d)
	return float64(above) + float64(equal)/2
}

// countAbove returns how many differences are larger than d, and how many
// equal it. An unanswered call has a latency that is larger than every
// answered one, and equal to another unanswered one.
func (p *Pairs) countAbove(d int64) (above, equal int64) {
	low, high := 0, 0
	for _, y := range p.run[:p.runN] {
		for low < p.baseN && p.base[low] < y-d {
			low++
		}
		for high = max(high, low); high < p.baseN && p.base[high] == y-d; {
			high++
		}
		above, equal = above+int64(low), equal+int64(high-low)
	}
	never := int64(len(p.run) - p.runN)
	above += never * int64(p.baseN)
	both := never * int64(len(p.base)-p.baseN)
	switch {
	case d < 0:
		above += both
	case d == 0:
		equal += both
	}
	return above, equal
}

// deviation is the standard deviation of U when both samples come from one
// distribution, corrected for ties.
//
// E. L. Lehmann, Nonparametrics: Statistical Methods Based on Ranks (1975),
// formula 1.35.
func (p *Pairs) deviation() float64 {
	m, n := float64(len(p.base)), float64(len(p.run))
	total := m + n
	if m == 0 || n == 0 || total < 2 {
		return 0
	}
	ties := 0.0
	for i, j := 0, 0; i < len(p.base) || j < len(p.run); {
		v := int64(Never)
		if i < len(p.base) {
			v = p.base[i]
		}
		if j < len(p.run) {
			v = min(v, p.run[j])
		}
		from := i + j
		for i < len(p.base) && p.base[i] == v {
			i++
		}
		for j < len(p.run) && p.run[j] == v {
			j++
		}
		t := float64(i + j - from)
		ties += t*t*t - t
	}
	return math.Sqrt(m * n / 12 * max(total+1-ties/(total*(total-1)), 0))
}

// excess is by how many deviations U says that the shift is larger than d;
// half a pair is the correction for continuity.
func (p *Pairs) excess(d int64) float64 {
	return (p.u(d) - p.count()/2 - 0.5) / p.sigma
}

// deficit is by how many deviations U says that the shift is smaller than d.
func (p *Pairs) deficit(d int64) float64 {
	return (p.count()/2 - p.u(d) - 0.5) / p.sigma
}

// PValue returns the two-sided p-value of the shift lying within ±margin. With no
// margin it is the Mann–Whitney test.
func (p *Pairs) PValue(margin int64) float64 {
	if p.sigma == 0 {
		return 1
	}
	z := max(p.excess(margin), p.deficit(-margin))
	return min(1, 2*distuv.UnitNormal.Survival(z))
}

// Superiority returns the probability that a latency of the run is larger than one
// of the base, those equal counted half.
//
// A. Vargha, H. D. Delaney, A critique and improvement of the CL common language
// effect size statistics, J. Educ. Behav. Stat. 25 (2000) 101–132.
func (p *Pairs) Superiority() float64 { return p.u(0) / p.count() }

// span returns bounds of all finite differences; 0, the difference of two that
// never came, is one.
func (p *Pairs) span() (low, high int64) {
	if p.baseN == 0 || p.runN == 0 {
		return 0, 0
	}
	return min(0, p.run[0]-p.base[p.baseN-1]), max(0, p.run[p.runN-1]-p.base[0])
}

// Shift returns the Hodges–Lehmann estimate, the median of all differences, in
// ns; ok is false where it falls among those that are not finite.
//
// The differences are whole numbers, and counting those above d takes one pass
// over both samples, so the median is found in a dozen passes: O(n log n), exact.
//
// J. L. Hodges, E. L. Lehmann, Estimates of location based on rank tests, Ann.
// Math. Statist. 34 (1963) 598–611.
func (p *Pairs) Shift() (ns float64, ok bool) {
	all := p.count()
	lower, ok1 := p.rank(math.Ceil(all / 2))
	upper, ok2 := p.rank(math.Floor(all/2) + 1)
	return (float64(lower) + float64(upper)) / 2, ok1 && ok2
}

// rank returns the k-th smallest difference; ok is false where it is not finite.
func (p *Pairs) rank(k float64) (d int64, ok bool) {
	low, high := p.span()
	above := func(d int64) float64 {
		n, _ := p.countAbove(d)
		return float64(n)
	}
	return firstBelow(low-1, high+1, p.count()-k+0.5, above)
}

// Interval returns the bounds of the shift in ns that the test at the two-sided
// level alpha does not reject; a bound that so few values do not have is nil,
// and one that lies among what never came is Never or its negative. It is
// the test turned round: the lower bound lies above a margin exactly when
// PValue(margin) is at most alpha.
func (p *Pairs) Interval(alpha float64) (lower, upper *int64) {
	if p.sigma == 0 {
		return nil, nil
	}
	z := distuv.UnitNormal.Quantile(1 - alpha/2)
	low, high := p.span()
	deficit := func(d int64) float64 { return p.deficit(-d) }
	return boundBelow(low-1, high+1, z, p.excess), negateBound(boundBelow(-high-1, -low+1, z, deficit))
}

// boundBelow returns the smallest d between low and high where g, which never rises,
// is below z: nil when it is so from the start, Never when it never is.
func boundBelow(low, high int64, z float64, g func(int64) float64) *int64 {
	if g(low) < z {
		return nil
	}
	d, ok := firstBelow(low, high, z, g)
	if !ok {
		d = Never
	}
	return &d
}

func negateBound(d *int64) *int64 {
	if d != nil {
		*d = -*d
	}
	return d
}

// firstBelow returns the smallest d, low < d <= high, where g, which never rises, is
// below t; ok is false where there is none, or already low is one.
//
// One g is a pass over both samples, so the place is guessed from the values at
// both ends, a little to its left, then to its right, and every third time the
// span is halved.
func firstBelow(low, high int64, t float64, g func(int64) float64) (d int64, ok bool) {
	gl, gh := g(low), g(high)
	if gl < t || gh >= t {
		return 0, false
	}
	for turn := 0; high-low > 1; turn++ {
		d = low + (high-low)/2
		if turn%3 < 2 {
			width := float64(high - low)
			guess := width * (gl - t) / (gl - gh)
			d = low + int64(guess+width/128*float64(2*(turn%3)-1))
			d = min(max(d, low+1), high-1)
		}
		if v := g(d); v < t {
			high, gh = d, v
		} else {
			low, gl = d, v
		}
	}
	return high, true
}

// countFinite returns how many of sorted values came at all.
func countFinite(sorted []int64) int {
	n, _ := slices.BinarySearch(sorted, Never)
	return n
}
