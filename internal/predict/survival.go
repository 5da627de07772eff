package predict

import "math"

// conflictRate returns the conflict rate of the attempts with a window of w seconds among
// the rest: an attempt succeeds when its window fits into what is left of the
// time between two successes, which it does with probability E[(T−w)⁺]/E[T].
func (w Window) conflictRate(a, gap, window float64) float64 {
	if a <= 0 || gap <= 0 {
		return 0
	}
	return min(max(1-w.integrateTail(a, window)/gap, 0), 1)
}

// integrateTail returns the integral of P(T > t) from a moment on: Gap's integral, cut.
func (w Window) integrateTail(a, from float64) float64 {
	tail, survival := max(w.at[0]-from, 0), 1.0
	for i, f := range w.cum {
		if i+1 == len(w.at) {
			skipped := max(from-w.at[i], 0)
			return tail + survival*math.Exp(-a*skipped)/a
		}
		x := a * f * (w.at[i+1] - w.at[i])
		if from < w.at[i+1] {
			skipped := a * f * max(from-w.at[i], 0)
			tail += survival * (math.Exp(-skipped) - math.Exp(-x)) / (a * f)
		}
		survival *= math.Exp(-x)
	}
	return tail
}

// survivalProbability is P(T > t): no success within t seconds of the last.
func (w Window) survivalProbability(a, t float64) float64 {
	var integral float64
	for i, at := range w.at {
		if at >= t {
			break
		}
		integral += (w.cum[i] - sumBefore(w.cum, i)) * (t - at)
	}
	return math.Exp(-a * integral)
}
