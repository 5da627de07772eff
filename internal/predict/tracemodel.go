package predict

import "math"

// model applies the formula to what was measured: each card's own rate and
// windows. It differs from the replay as far as arrivals are not a Poisson
// process. The standard error is that of a ratio of sums over cards (W. G.
// Cochran, Sampling Techniques, 1977, §6.4); with one card it is unknown: NaN.
func model(attempts []Attempt, cards, operators int) (rate, stderr float64) {
	windows := make([][]float64, cards)
	begin, end := math.Inf(1), math.Inf(-1)
	for _, a := range attempts {
		w := (a.MoveStart + a.MoveEnd - a.ReadStart - a.ReadEnd) / 2
		windows[a.Card] = append(windows[a.Card], w)
		begin, end = min(begin, a.ReadStart), max(end, a.MoveEnd)
	}
	if end <= begin {
		return 0, math.NaN()
	}
	rivals := 1.0
	if operators > 0 {
		rivals = 1 - 1/float64(operators)
	}
	conflicts := make([]float64, cards)
	for card, w := range windows {
		if len(w) > 0 {
			a := float64(len(w)) / (end - begin) * rivals
			conflicts[card] = float64(len(w)) * ConflictRate(a, SampleWindow(w))
		}
	}
	return ratioOfSums(conflicts, windows, len(attempts))
}

func ratioOfSums(conflicts []float64, windows [][]float64, attempts int) (rate, stderr float64) {
	for _, c := range conflicts {
		rate += c / float64(attempts)
	}
	var squares, blocks float64
	for card, c := range conflicts {
		if n := float64(len(windows[card])); n > 0 {
			squares += (c - rate*n) * (c - rate*n)
			blocks++
		}
	}
	if blocks < 2 {
		return rate, math.NaN()
	}
	return rate, math.Sqrt(squares*blocks/(blocks-1)) / float64(attempts)
}
