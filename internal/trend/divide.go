package trend

import (
	"math"
	"math/rand/v2"
	"slices"
)

// shortest is how many values a stretch between two changes has at least: of
// two values, any two look alike.
const shortest = 3

// permutations is how often values are shuffled to see what chance does.
const permutations = 999

// Point is where values change.
type Point struct {
	At int     // index of the first value after the change
	P  float64 // of so clear a change by chance
}

// Divide returns the places, in ascending order, where the distribution of
// values changes, each clearer than chance at the level. It is e-divisive: the
// place with the greatest energy distance between the values on its sides is a
// change when few shuffles within the stretches found so far have a greater one;
// then the stretches on its sides are searched in turn.
//
// The shuffles are the same for the same values.
//
// D. S. Matteson, N. A. James, A nonparametric approach for multiple change
// point analysis of multivariate data, J. Amer. Statist. Assoc. 109 (2014)
// 334–345, with exponent 1.
func Divide(values []float64, level float64) []Point {
	r := rand.New(rand.NewPCG(uint64(len(values)), 0x65646976))
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	edges := []int{0, len(values)}
	var points []Point
	for {
		at, found := findClearest(values, order, edges)
		if found <= 0 {
			break
		}
		p := estimateChance(values, edges, found, level, r)
		if p > level {
			break
		}
		points = append(points, Point{at, p})
		edges = append(edges, at)
		slices.Sort(edges)
	}
	slices.SortFunc(points, func(a, b Point) int { return a.At - b.At })
	return points
}

// estimateChance returns the share of shuffles within the stretches that have
// a change at least as clear as the one found; the measured order counts as
// one shuffle. It stops as soon as the share is certain to exceed the level.
func estimateChance(values []float64, edges []int, found, level float64, r *rand.Rand) float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	as := 1
	for range permutations {
		for i := 1; i < len(edges); i++ {
			part := order[edges[i-1]:edges[i]]
			r.Shuffle(len(part), func(a, b int) { part[a], part[b] = part[b], part[a] })
		}
		if _, q := findClearest(values, order, edges); q >= found*(1-1e-12) {
			as++
		}
		if float64(as) > level*(permutations+1) {
			break
		}
	}
	return float64(as) / (permutations + 1)
}

// findClearest returns the place with the greatest energy distance in any stretch.
func findClearest(values []float64, order, edges []int) (at int, distance float64) {
	for i := 1; i < len(edges); i++ {
		from, to := edges[i-1], edges[i]
		if to-from < 2*shortest {
			continue
		}
		s := newSums(values, order[from:to])
		for split := shortest; split <= to-from-shortest; split++ {
			for end := split + shortest; end <= to-from; end++ {
				if q := s.energyDistance(split, end); q > distance {
					at, distance = from+split, q
				}
			}
		}
	}
	return at, distance
}

// sums holds the sums of the distances of all pairs among the first i and the
// first j values, so that the sum of any rectangle takes four look-ups.
type sums struct {
	n int
	s []float64
}

func newSums(values []float64, order []int) sums {
	n := len(order) + 1
	t := sums{n, make([]float64, n*n)}
	for i := 1; i < n; i++ {
		row := 0.0
		for j := 1; j < n; j++ {
			row += math.Abs(values[order[i-1]] - values[order[j-1]])
			t.s[i*n+j] = t.s[(i-1)*n+j] + row
		}
	}
	return t
}

// sumBetween returns the sum of the distances from the values a to b to the
// values c to d.
func (t sums) sumBetween(a, b, c, d int) float64 {
	return t.s[b*t.n+d] - t.s[a*t.n+d] - t.s[b*t.n+c] + t.s[a*t.n+c]
}

// energyDistance returns the scaled energy distance between the values before
// the split and those from it up to the end: by how much values of different
// sides are farther from each other than values of one side.
func (t sums) energyDistance(split, end int) float64 {
	m, n := float64(split), float64(end-split)
	across := t.sumBetween(0, split, split, end) * 2 / (m * n)
	left := t.sumBetween(0, split, 0, split) / (m * (m - 1))
	right := t.sumBetween(split, end, split, end) / (n * (n - 1))
	return m * n / (m + n) * (across - left - right)
}
