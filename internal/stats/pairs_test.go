package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Permeability of the human chorioamnion, M. Hollander, D. A. Wolfe,
// Nonparametric Statistical Methods (1973), p. 69, as in R's wilcox.test: W = 35,
// and with exact = FALSE the one-sided p-value 0.1223. The shift is 0.305.
func TestPermeability(t *testing.T) {
	term := toHundredths(80, 83, 189, 104, 145, 138, 191, 164, 73, 146)
	weeks := toHundredths(115, 88, 90, 74, 121)
	p := NewPairs(weeks, term, 1)
	if u := p.u(0); u != 35 {
		t.Errorf("U = %v, want 35", u)
	}
	checkNear(t, "one-sided p", p.PValue(0)/2, 0.1223, 5e-5)
	shift, ok := p.Shift()
	if !ok {
		t.Fatal("no shift")
	}
	checkNear(t, "shift", shift/1e9, 0.305, 1e-12)
}

func toHundredths(v ...int64) []int64 {
	for i := range v {
		v[i] *= 1e7
	}
	slices.Sort(v)
	return v
}

// Everything is compared with the list of all differences and with mid-ranks,
// written down.
func TestPairsAgreeWithTheirList(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		base, run := drawSample(r, 2+r.IntN(20)), drawSample(r, 2+r.IntN(20))
		p := NewPairs(base, run, 1)
		all := listDifferences(base, run)
		for _, d := range []int64{-7, -1, 0, 1, 5} {
			want := 0.0
			for _, v := range all {
				want += countHalf(v, float64(d))
			}
			if got := p.u(d); got != want {
				t.Fatalf("u(%d) = %v, want %v of %v and %v", d, got, want, base, run)
			}
		}
		checkNear(t, "sigma", p.sigma, midrankDeviation(base, run), 1e-9)
		want := (all[(len(all)-1)/2] + all[len(all)/2]) / 2
		got, ok := p.Shift()
		if ok == math.IsInf(want, 0) || math.IsNaN(want) && ok || ok && got != want {
			t.Fatalf("shift = %v %v, want %v of %v and %v", got, ok, want, base, run)
		}
	}
}

// drawSample makes a sample with ties and now and then a latency that never came.
func drawSample(r *rand.Rand, n int) []int64 {
	v := make([]int64, n)
	for i := range v {
		v[i] = r.Int64N(15)
		if r.IntN(12) == 0 {
			v[i] = Never
		}
	}
	slices.Sort(v)
	return v
}

func listDifferences(base, run []int64) []float64 {
	var all []float64
	for _, x := range base {
		for _, y := range run {
			switch {
			case x == Never && y == Never:
				all = append(all, 0)
			default:
				all = append(all, toFloat(y)-toFloat(x))
			}
		}
	}
	slices.Sort(all)
	return all
}

func countHalf(v, d float64) float64 {
	switch {
	case v > d:
		return 1
	case v == d:
		return 0.5
	}
	return 0
}

// midrankDeviation is the permutation variance of the sum of mid-ranks.
func midrankDeviation(base, run []int64) float64 {
	all := append(slices.Clone(base), run...)
	ranks := make([]float64, len(all))
	for i, v := range all {
		for _, w := range all {
			ranks[i] += countHalf(float64(v), float64(w))
		}
	}
	_, variance := meanAndVariance(ranks)
	m, n, total := float64(len(base)), float64(len(run)), float64(len(all))
	return math.Sqrt(m * n / (total - 1) * variance)
}

// The bounds are those shifts that the test does not reject.
func TestIntervalIsTheTestTurnedRound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		base, run := drawSample(r, 8+r.IntN(30)), drawSample(r, 8+r.IntN(30))
		for i := range run {
			if run[i] != Never {
				run[i] += 4
			}
		}
		p := NewPairs(base, run, 1)
		for _, alpha := range []float64{0.05, 0.005} {
			lower, upper := p.Interval(alpha)
			for margin := range int64(12) {
				low, high := math.Inf(-1), math.Inf(1)
				if lower != nil {
					low = float64(*lower) // the largest of all where the shift is not finite
				}
				if upper != nil {
					high = float64(*upper)
				}
				if rejects := p.PValue(margin) <= alpha; rejects != (low > float64(margin) || high < -float64(margin)) {
					t.Fatalf("margin %d, alpha %v: p = %v, bounds %v to %v", margin, alpha, p.PValue(margin), low, high)
				}
			}
		}
	}
}

// For small samples without ties the exact distribution of U is known; the
// approximation with its correction is not below it where it matters.
func TestApproximationHoldsForSmallSamples(t *testing.T) {
	for _, size := range [][2]int{{8, 8}, {8, 30}, {12, 20}} {
		m, n := size[0], size[1]
		counts := exactU(m, n)
		all := 0.0
		for _, c := range counts {
			all += c
		}
		sigma := math.Sqrt(float64(m*n*(m+n+1)) / 12)
		tail := 0.0
		for u := m * n; 2*u > m*n; u-- {
			tail += counts[u] / all
			approximate := distuv.UnitNormal.Survival((float64(u) - float64(m*n)/2 - 0.5) / sigma)
			if tail > 0.0005 && tail < 0.05 && (approximate < 0.9*tail || approximate > 3*tail) {
				t.Errorf("%d and %d, U = %d: approximately %v, exactly %v", m, n, u, approximate, tail)
			}
		}
	}
}

// exactU counts the orders of m and n values by their U (Mann and Whitney 1947).
func exactU(m, n int) []float64 {
	table := make([][][]float64, m+1)
	for i := range table {
		table[i] = make([][]float64, n+1)
		for j := range table[i] {
			table[i][j] = make([]float64, m*n+1)
			if i == 0 || j == 0 {
				table[i][j][0] = 1
				continue
			}
			for u := range table[i][j] {
				table[i][j][u] = table[i][j-1][u]
				if u >= j {
					table[i][j][u] += table[i-1][j][u-j]
				}
			}
		}
	}
	return table[m][n]
}

// toFloat returns a latency as a real number; +Inf for one that never came.
func toFloat(ns int64) float64 {
	if ns == Never {
		return math.Inf(1)
	}
	return float64(ns)
}
