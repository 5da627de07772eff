package stats

import (
	"sync"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Blocks counts samples and hits by when they were taken, and tells how much the
// hits cluster in time: one stall slows twenty operators at once, and the twenty
// slow samples tell as much as one. The zero Blocks is empty and ready.
type Blocks struct {
	step int64 // length of a bin, ns
	bins []bin // from time 0 on
	from int64 // where the bin begins that was asked for last
	last *bin  // which is this one
}

type bin struct{ n, hits int }

const (
	blockBins = 320        // at most; whenever a sample lies beyond them, pairs of bins are merged
	firstStep = 10_000_000 // ns
)

// Add takes a sample at a time ≥ 0, in ns, in any order.
func (b *Blocks) Add(at int64, hit bool) {
	s := b.bin(at)
	s.n++
	if hit {
		s.hits++
	}
}

// RemoveHit turns the hit at this time into a sample without a hit.
func (b *Blocks) RemoveHit(at int64) { b.bin(at).hits-- }

func (b *Blocks) bin(at int64) *bin {
	if b.last != nil && at >= b.from && at-b.from < b.step {
		return b.last
	}
	return b.growToBin(at)
}

// growToBin returns the bin of a time, and widens or adds bins until there is
// one.
func (b *Blocks) growToBin(at int64) *bin {
	at = max(at, 0)
	if b.step == 0 {
		b.step = firstStep
	}
	for at/b.step >= blockBins {
		b.doubleWidth()
	}
	for int64(len(b.bins)) <= at/b.step {
		b.bins = append(b.bins, bin{})
	}
	i := at / b.step
	b.from, b.last = i*b.step, &b.bins[i]
	return b.last
}

// doubleWidth merges each two neighbouring bins.
func (b *Blocks) doubleWidth() {
	half := make([]bin, (len(b.bins)+1)/2, blockBins)
	for i, s := range b.bins {
		half[i/2].n += s.n
		half[i/2].hits += s.hits
	}
	b.bins, b.step = half, 2*b.step
}

// listUsedBins returns the bins from the first sample to the last.
func (b *Blocks) listUsedBins() []bin {
	first, last := 0, len(b.bins)
	for first < last && b.bins[first].n == 0 {
		first++
	}
	for last > first && b.bins[last-1].n == 0 {
		last--
	}
	return b.bins[first:last]
}

// Moments returns how many of 20 blocks of equal length hold a hit: how many
// separate moments the hits rest on. Where such a block would be shorter than
// least, in ns, there are fewer blocks.
func (b *Blocks) Moments(least int64) int {
	bins := b.listUsedBins()
	if len(bins) == 0 {
		return 0
	}
	blocks := finest
	if least > 0 {
		blocks = int(min(finest, max(1, int64(len(bins))*b.step/least)))
	}
	moments, last := 0, -1
	for i, s := range bins {
		if block := i * blocks / len(bins); s.hits > 0 && block != last {
			moments, last = moments+1, block
		}
	}
	return moments
}

// The blocks that Effect compares: 5, 10 and 20 of equal length, each division
// shifted by quarters of a block, so that a burst which one division cuts in two
// lies whole in another.
var divisions = []int{5, 10, finest}

const (
	finest    = 20
	shifts    = 4
	clustered = 0.01 // the chance that Effect finds samples clustered that are independent
)

// Effect returns the design effect of the hits: how many samples tell as much as
// one that is independent of the others. It is exactly 1 unless the hits are
// clustered beyond chance.
//
// Two tests tell clusters from chance, together at a level of 1 % (Bonferroni).
// Given how many hits there are, the hits of a block are binomial when samples are
// independent; one block with too many is a cluster. With five hits and more to a
// block there is also Pearson's test of over-dispersion, which sees many clusters.
//
// The effect itself is the variance of the hits per block against the binomial
// one (batch means; B. Schmeiser, Oper. Res. 30 (1982) 556–568), the largest of
// all divisions, times (t/z)² for the few blocks it is known from: E. L. Korn,
// B. I. Graubard, Confidence intervals for proportions with small expected number
// of positive counts estimated from survey data, Survey Methodology 24 (1998)
// 193–201. Bounds take hits and samples divided by it.
func (b *Blocks) Effect() float64 {
	bins := b.listUsedBins()
	var all bin
	for _, s := range bins {
		all.n, all.hits = all.n+s.n, all.hits+s.hits
	}
	if all.hits <= 0 || all.hits >= all.n {
		return 1
	}
	effect, chance := 1.0, 1.0
	for _, division := range divisions {
		for shift := range shifts {
			d := newDispersion(all)
			for _, s := range mergeBins(bins, division, shift) {
				d.add(s)
			}
			effect = max(effect, d.effect())
			chance = min(chance, d.pValue())
		}
	}
	if chance*float64(shifts*len(divisions)) >= clustered {
		return 1
	}
	return effect
}

// mergeBins merges bins into blocks, of which the given number covers all
// bins.
func mergeBins(bins []bin, blocks, shift int) []bin {
	width := float64(len(bins)) / float64(blocks)
	merged := make([]bin, blocks+1)
	for i, s := range bins {
		m := &merged[int((float64(i)+0.5)/width+float64(shift)/shifts)]
		m.n += s.n
		m.hits += s.hits
	}
	return merged
}

// dispersion compares the hits of blocks with those of all.
type dispersion struct {
	n, hits float64
	blocks  float64
	squares float64 // Σ (hits − expected)²
	norm    float64 // Σ n (1 − n/N)
	pearson float64 // Σ (hits − expected)² / (n p (1−p))
	rarest  float64 // the smallest chance of so many hits in a block
}

func newDispersion(all bin) dispersion {
	return dispersion{n: float64(all.n), hits: float64(all.hits), rarest: 1}
}

func (d *dispersion) add(block bin) {
	if block.n == 0 {
		return
	}
	n, hits, rate := float64(block.n), float64(block.hits), d.hits/d.n
	off := (hits - rate*n) * (hits - rate*n)
	d.blocks++
	d.squares += off
	d.norm += n * (1 - n/d.n)
	d.pearson += off / (n * rate * (1 - rate))
	if hits > rate*n {
		d.rarest = min(d.rarest, mathext.RegIncBeta(hits, d.hits-hits+1, min(n/d.n, 1)))
	}
}

// pValue returns an upper bound of the probability that independent samples
// are clustered as much.
func (d *dispersion) pValue() float64 {
	p := d.rarest * d.blocks
	if d.hits >= 5*d.blocks && d.blocks > 1 {
		p = min(p, distuv.ChiSquared{K: d.blocks - 1}.Survival(d.pearson))
	}
	return 2 * p // two tests
}

func (d *dispersion) effect() float64 {
	if d.blocks < 2 {
		return 1
	}
	rate := d.hits / d.n
	return d.squares / (rate * (1 - rate)) / d.norm * fewBlocks()[int(d.blocks)]
}

// fewBlocks holds (t/z)² by the number of blocks.
var fewBlocks = sync.OnceValue(func() (factors [finest + 2]float64) {
	for blocks := 2; blocks < len(factors); blocks++ {
		t := distuv.StudentsT{Sigma: 1, Nu: float64(blocks - 1)}.Quantile(Enough) / distuv.UnitNormal.Quantile(Enough)
		factors[blocks] = t * t
	}
	return factors
})
