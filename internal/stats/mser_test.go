package stats

import (
	"math/rand/v2"
	"testing"
)

// findTruncation computes MSER-5 as its paper describes it, without the
// incremental update.
func findTruncation(values []float64) (batch int) {
	var y []float64
	for i := 0; i+5 <= len(values); i += 5 {
		sum := 0.0
		for _, v := range values[i : i+5] {
			sum += v
		}
		y = append(y, sum/5)
	}
	least := -1.0
	for d := 0; d <= len(y)/2; d++ {
		rest, mean, squares := y[d:], 0.0, 0.0
		for _, v := range rest {
			mean += v / float64(len(rest))
		}
		for _, v := range rest {
			squares += (v - mean) * (v - mean)
		}
		if score := squares / float64(len(rest)*len(rest)); least < 0 || score < least {
			batch, least = d, score
		}
	}
	return batch
}

func TestMSERAgainstThePaper(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for run := range 50 {
		var m MSER
		values := make([]float64, 100+r.IntN(900))
		settles := r.IntN(len(values) / 3)
		for i := range values {
			values[i] = 10 + r.NormFloat64()
			if i < settles {
				values[i] += 20 * (1 - float64(i)/float64(settles))
			}
			m.Add(int64(i), values[i])
		}
		at, ok := m.Cut()
		if want := int64(5 * findTruncation(values)); !ok || at != want {
			t.Errorf("run %d: cut at %d (%v), the paper's formula says %d", run, at, ok, want)
		}
	}
}

func TestMSER(t *testing.T) {
	steady := func(int) float64 { return 1 }
	cases := []struct {
		name     string
		n        int
		value    func(i int) float64
		ok       bool
		from, to int64
	}{
		{"nothing", 0, steady, false, 0, 0},
		{"too few", 49, steady, false, 0, 0},
		{"steady from the beginning", 1000, steady, true, 0, 0},
		{"one slow tenth", 1000, func(i int) float64 { return stepValue(i, 100, 50, 1) }, true, 100, 100},
		{"never steady", 1000, func(i int) float64 { return float64(i) }, true, 495, 500},
		{"longer than the memory", 400_000, func(i int) float64 { return stepValue(i, 80_000, 50, 1) }, true, 80_000, 80_040},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var m MSER
			for i := range c.n {
				m.Add(int64(i), c.value(i))
			}
			at, ok := m.Cut()
			if ok != c.ok || at < c.from || at > c.to {
				t.Errorf("cut at %d (%v), want %d–%d (%v)", at, ok, c.from, c.to, c.ok)
			}
			if len(m.means) >= mserMost {
				t.Errorf("%d batches are kept", len(m.means))
			}
		})
	}
}

func stepValue(i, at int, before, after float64) float64 {
	if i < at {
		return before
	}
	return after
}
