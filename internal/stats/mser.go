package stats

import "math"

// mserBatch is how many values MSER-5 takes the mean of.
const mserBatch = 5

// mserMost bounds what is kept of a long run: whenever so many batches are
// full, pairs of them are merged, so a batch is then 10, 20, 40 … values long.
const mserMost = 1 << 14

// MSER finds where the warm-up of a series ends by MSER-5: of the means of
// batches of five values it cuts off as many as make the standard error of the
// mean of the rest least,
//
//	d* = argmin Σᵢ₌ₐ₊₁ⁿ (Yᵢ − Ȳ)² / (n−d)²
//
// K. P. White, An effective truncation heuristic for bias reduction in
// simulation output, Simulation 69 (1997) 323–334. As he advises no more than
// half of the batches are ever cut: at the end few values agree by chance.
//
// The zero MSER is empty and ready.
type MSER struct {
	means []float64
	at    []int64 // of each batch's first value
	size  int     // values per batch
	sum   float64
	n     int
	first int64
}

// Add takes the next value and its place, a time for example.
func (m *MSER) Add(at int64, value float64) {
	if m.size == 0 {
		m.size = mserBatch
	}
	if m.n == 0 {
		m.first = at
	}
	m.sum += value
	if m.n++; m.n < m.size {
		return
	}
	m.means, m.at = append(m.means, m.sum/float64(m.n)), append(m.at, m.first)
	m.sum, m.n = 0, 0
	if len(m.means) == mserMost {
		m.merge()
	}
}

func (m *MSER) merge() {
	half := len(m.means) / 2
	for i := range half {
		m.means[i] = (m.means[2*i] + m.means[2*i+1]) / 2
		m.at[i] = m.at[2*i]
	}
	m.means, m.at, m.size = m.means[:half], m.at[:half], 2*m.size
}

// Cut returns the place of the first value that is kept. There is none (ok is
// false) with fewer than 10 batches, of which nothing can be told.
func (m *MSER) Cut() (at int64, ok bool) {
	n := len(m.means)
	if n < 10 {
		return 0, false
	}
	best, least := 0, math.Inf(1)
	var mean, squares float64 // of the batches from d on, by Welford's update
	for d := n - 1; d >= 0; d-- {
		kept := float64(n - d)
		delta := m.means[d] - mean
		mean += delta / kept
		squares += delta * (m.means[d] - mean)
		if score := squares / (kept * kept); d <= n/2 && score <= least {
			best, least = d, score
		}
	}
	return m.at[best], true
}
