package stats

import (
	"cmp"
	"slices"
)

// Holm tests many p-values at once, so that the chance of even one false rejection is at
// most alpha, however they depend on each other. It returns for each the
// adjusted p-value, rejected when at most alpha, and the level at which it was
// tested: an interval at that level excludes no change exactly when the
// adjusted p-value does.
//
// S. Holm, A simple sequentially rejective multiple test procedure, Scand. J.
// Statist. 6 (1979) 65–70.
func Holm(ps []float64, alpha float64) (adjusted, levels []float64) {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	adjusted, levels = make([]float64, len(ps)), make([]float64, len(ps))
	worst, level, stopped := 0.0, alpha, false
	for step, i := range order {
		left := float64(len(ps) - step)
		worst = max(worst, min(1, left*ps[i]))
		adjusted[i] = worst
		if !stopped {
			level = alpha / left
			stopped = ps[i] > level
		}
		levels[i] = level
	}
	return adjusted, levels
}
