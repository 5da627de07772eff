package predict

import (
	"math"
	"slices"
)

// Window is a distribution of windows in seconds: equally or differently
// likely values. A thousand values stand in for any distribution, and make
// the integral of the model exact instead of approximate.
type Window struct {
	at  []float64 // ascending
	cum []float64 // probability of at most at[i]
}

// sampleWindow takes measured or drawn windows in seconds, each as likely as
// the next. Negative ones count as 0. An empty sample is a window of 0.
func sampleWindow(seconds []float64) Window {
	if len(seconds) == 0 {
		seconds = []float64{0}
	}
	w := Window{at: make([]float64, len(seconds)), cum: make([]float64, len(seconds))}
	for i, s := range seconds {
		w.at[i] = max(s, 0)
	}
	slices.Sort(w.at)
	for i := range w.cum {
		w.cum[i] = float64(i+1) / float64(len(seconds))
	}
	return w
}

// mix is w with probability 1−share and other with probability share.
func (w Window) mix(other Window, share float64) Window {
	if share <= 0 {
		return w
	}
	n := len(w.at) + len(other.at)
	m := Window{at: make([]float64, 0, n), cum: make([]float64, 0, n)}
	var i, j int
	for i < len(w.at) || j < len(other.at) {
		if j == len(other.at) || i < len(w.at) && w.at[i] <= other.at[j] {
			m.at = append(m.at, w.at[i])
			i++
		} else {
			m.at = append(m.at, other.at[j])
			j++
		}
		m.cum = append(m.cum, (1-share)*sumBefore(w.cum, i)+share*sumBefore(other.cum, j))
	}
	return m
}

func sumBefore(cum []float64, i int) float64 {
	if i == 0 {
		return 0
	}
	return cum[i-1]
}

// Mean is the mean window in seconds.
func (w Window) Mean() float64 {
	var sum float64
	for i, at := range w.at {
		sum += at * (w.cum[i] - sumBefore(w.cum, i))
	}
	return sum
}

// Gap is E[T], the mean time in seconds between two successful updates of one
// record to which attempts come as a Poisson process of rate a per second:
//
//	E[T] = ∫₀^∞ exp(−a ∫₀ᵗ F(u) du) dt
//
// After a success only attempts that read later can succeed, and the first of
// them to be decided does: by t none has been decided with that probability.
// F is a step function, so each step's integral has a closed form.
func (w Window) Gap(a float64) float64 {
	if a <= 0 {
		return math.Inf(1)
	}
	if len(w.at) == 0 {
		return 1 / a
	}
	gap := w.at[0]
	survival := 1.0
	for i, f := range w.cum {
		if i+1 == len(w.at) {
			return gap + survival/a
		}
		x := a * f * (w.at[i+1] - w.at[i])
		gap += survival * -math.Expm1(-x) / (a * f)
		survival *= math.Exp(-x)
	}
	return gap
}

// computeConflictRate returns the share of attempts that a correct server must refuse when
// they come to one record as a Poisson process of a per second with these
// windows: 1 − 1/(a·E[T]), which is aW/(1+aW) for a constant window.
func computeConflictRate(a float64, w Window) float64 {
	if a <= 0 {
		return 0
	}
	return max(0, 1-1/(a*w.Gap(a)))
}
