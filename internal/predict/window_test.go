package predict

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"

	"github.com/occbench/occbench/internal/workload"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %.5f, want %.5f ± %g", what, got, want, within)
	}
}

func TestConflictRateOfConstantWindows(t *testing.T) {
	for _, x := range []float64{1e-6, 0.111, 0.5, 1, 5, 1000} {
		near(t, "constant W", computeConflictRate(x/0.35, sampleWindow([]float64{0.35})), x/(1+x), 1e-9)
	}
}

// For exponential windows of mean w the integral is E[T] = w·eˣ·x⁻ˣ·γ(x, x),
// x = a·w, with the lower incomplete gamma function.
func TestConflictRateOfExponentialWindows(t *testing.T) {
	for _, x := range []float64{0.05, 0.111, 0.5, 1, 5, 20} {
		lower, _ := math.Lgamma(x)
		gap := math.Exp(x-x*math.Log(x)+lower) * mathext.GammaIncReg(x, x)
		w := newWindow(part{workload.Exponential(1e9), 1})
		near(t, "exponential W", computeConflictRate(x, w), 1-1/(x*gap), 0.001)
	}
}

// The general formula by quadrature, for a uniform window of 0 … 2 s.
func TestConflictRateOfUniformWindows(t *testing.T) {
	for _, a := range []float64{0.1, 1, 5} {
		survival := func(t float64) float64 { // ∫F = t²/4 up to 2, then t−1
			if t < 2 {
				return math.Exp(-a * t * t / 4)
			}
			return math.Exp(-a * (t - 1))
		}
		gap := quad.Fixed(survival, 0, 2, 200, nil, 0) + math.Exp(-a)/a
		near(t, "uniform W", computeConflictRate(a, newWindow(part{workload.Uniform{From: 0, To: 2e9}, 1})), 1-1/(a*gap), 0.001)
	}
}

// The share of attempts that lose is the mean of what each window loses.
func TestLostAddsUpToConflictRate(t *testing.T) {
	w := newWindow(part{workload.Lognormal{Median: 250e6, P95: 900e6}, 1})
	for _, a := range []float64{0.2, 2, 20} {
		gap := w.Gap(a)
		var lost float64
		for _, at := range w.at {
			lost += w.conflictRate(a, gap, at) / float64(len(w.at))
		}
		near(t, "mean of lost", lost, computeConflictRate(a, w), 1e-6)
	}
}

func TestWindowsOfNothing(t *testing.T) {
	near(t, "no attempts", computeConflictRate(0, sampleWindow([]float64{1})), 0, 0)
	near(t, "no window", computeConflictRate(5, sampleWindow(nil)), 0, 1e-12)
	near(t, "zero Window", computeConflictRate(5, Window{}), 0, 1e-12)
	near(t, "negative window", computeConflictRate(5, sampleWindow([]float64{-1})), 0, 1e-12)
}

func TestMixedWindows(t *testing.T) {
	m := sampleWindow([]float64{1, 3}).mix(sampleWindow([]float64{2, 2}), 0.25)
	near(t, "mean of a mixture", m.Mean(), 0.75*2+0.25*2, 1e-12)
	near(t, "F(1) of it", m.cum[0], 0.375, 1e-12)
	near(t, "its last F", m.cum[len(m.cum)-1], 1, 1e-12)
}

func TestComposedWindowsKeepTheirMean(t *testing.T) {
	w := newWindow(part{workload.Lognormal{Median: 250e6, P95: 900e6}, 1}, part{workload.Exponential(100e6), 0.5}, part{nil, 1})
	near(t, "mean", w.Mean(), workload.Lognormal{Median: 250e6, P95: 900e6}.Mean().Seconds()+0.05, 1e-6)
}

func BenchmarkConflictRate(b *testing.B) {
	w := newWindow(part{workload.Exponential(250e6), 1})
	for b.Loop() {
		computeConflictRate(2, w)
	}
}
