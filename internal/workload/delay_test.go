package workload

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func mustDelay(t testing.TB, s string) Delay {
	t.Helper()
	d, err := ParseDelay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDelayRoundTrip(t *testing.T) {
	for in, want := range map[string]string{
		"0":                         "0s",
		"250ms":                     "250ms",
		"uniform:100ms-400ms":       "uniform:100ms-400ms",
		"uniform:0-1s":              "uniform:0s-1s",
		"exp:1.5s":                  "exp:1.5s",
		"lognormal:250ms,900ms":     "lognormal:250ms,900ms",
		"lognormal:90s,2m":          "lognormal:1m30s,2m0s",
		"uniform:1.5ms-0.0000005h":  "uniform:1.5ms-1.8ms",
		"lognormal:1ns,2540400h10m": "lognormal:1ns,2540400h10m0s",
	} {
		d := mustDelay(t, in)
		if got := d.String(); got != want {
			t.Errorf("ParseDelay(%q).String() = %q, want %q", in, got, want)
		}
		if again := mustDelay(t, d.String()); again != d {
			t.Errorf("ParseDelay(%q) = %v, want %v", d.String(), again, d)
		}
	}
}

func TestParseDelayRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "use for example 250ms",
		"250":                    "not a duration",
		"-1ms":                   "negative",
		"gamma:1ms":              `"gamma" is no known distribution`,
		"exp:":                   "use for example exp:250ms",
		"exp:0":                  "use a plain 0",
		"exp:-1s":                "negative",
		"uniform:100ms":          "two durations",
		"uniform:400ms-100ms":    "not below",
		"uniform:1s-1s":          "not below",
		"uniform:1s--2s":         "negative",
		"lognormal:250ms":        "two durations",
		"lognormal:900ms,250ms":  "p95 above the median",
		"lognormal:250ms,250ms":  "p95 above the median",
		"lognormal:0,250ms":      "median must be above 0",
		"lognormal:250ms-900ms":  "two durations",
		"exp:9999999999999h":     "not a duration",
		"uniform:100ms-400ms-1s": "not a duration",
	} {
		_, err := ParseDelay(in)
		refused(t, "ParseDelay", in, err, want)
	}
}

func FuzzParseDelay(f *testing.F) {
	for _, s := range []string{"0", "250ms", "uniform:100ms-400ms", "exp:250ms", "lognormal:250ms,900ms", "lognormal:1ns,2562047h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDelay(s)
		if err != nil {
			return
		}
		if again, err := ParseDelay(d.String()); err != nil || again != d {
			t.Fatalf("ParseDelay(%q) = %v, which reads back as %v, %v", s, d, again, err)
		}
		r := rand.New(rand.NewPCG(1, 1))
		if draw := d.Draw(r); draw < 0 {
			t.Fatalf("%v draws %v", d, draw)
		}
		if d.Mean() < 0 {
			t.Fatalf("the mean of %v is %v", d, d.Mean())
		}
	})
}

func TestDelaysFollowTheirDistribution(t *testing.T) {
	const draws, bins = 200_000, 50
	sigma := math.Log(900.0/250) / 1.6448536269514722
	for _, c := range []struct {
		delay    string
		quantile func(p float64) float64 // ms
	}{
		{"uniform:100ms-400ms", distuv.Uniform{Min: 100, Max: 400}.Quantile},
		{"exp:250ms", distuv.Exponential{Rate: 1.0 / 250}.Quantile},
		{"lognormal:250ms,900ms", distuv.LogNormal{Mu: math.Log(250), Sigma: sigma}.Quantile},
	} {
		t.Run(c.delay, func(t *testing.T) {
			d, r := mustDelay(t, c.delay), rand.New(rand.NewPCG(3, 4))
			counts, shares := make([]float64, bins), make([]float64, bins)
			for i := range shares {
				shares[i] = 1.0 / bins
			}
			var sum float64
			for range draws {
				ms := d.Draw(r).Seconds() * 1000
				sum += ms
				bin := 0
				for bin < bins-1 && ms >= c.quantile(float64(bin+1)/bins) {
					bin++
				}
				counts[bin]++
			}
			chiSquare(t, c.delay, counts, shares)
			if want := d.Mean().Seconds() * 1000; math.Abs(sum/draws-want) > 0.01*want {
				t.Errorf("the mean of the draws is %.1f ms, Mean says %.1f ms", sum/draws, want)
			}
		})
	}
}

func TestDelayQuantilesMatchDraws(t *testing.T) {
	const n = 100_000
	for _, d := range []Delay{
		mustDelay(t, "250ms"), mustDelay(t, "uniform:100ms-400ms"), mustDelay(t, "exp:250ms"), mustDelay(t, "lognormal:250ms,900ms"),
	} {
		r := rand.New(rand.NewPCG(5, 6))
		for _, u := range []float64{0.1, 0.5, 0.95} {
			x := d.Quantile(u)
			below := 0.0
			for range n {
				if d.Draw(r).Seconds() <= x {
					below++
				}
			}
			// All draws of a fixed delay are at its quantile.
			if below/n < u-0.01 || d != Delay(Fixed(250e6)) && below/n > u+0.01 {
				t.Errorf("%v: %.3f of the draws are at most the %.2f-quantile", d, below/n, u)
			}
		}
	}
}
