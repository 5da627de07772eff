package trend

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func drawNormal(r *rand.Rand, n int, mean, spread float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = mean + spread*r.NormFloat64()
	}
	return v
}

func joinParts(parts ...[]float64) []float64 {
	var all []float64
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func listPlaces(points []Point) []int {
	var at []int
	for _, p := range points {
		at = append(at, p.At)
	}
	return at
}

func TestDivide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		name   string
		values []float64
		want   []int
	}{
		{"after the 8th of 12", joinParts(drawNormal(r, 8, 10, 0.5), drawNormal(r, 4, 30, 1)), []int{8}},
		{"up and down", joinParts(drawNormal(r, 15, 10, 1), drawNormal(r, 15, 20, 1), drawNormal(r, 15, 10, 1)), []int{15, 30}},
		{"only the spread", joinParts(drawNormal(r, 40, 10, 0.2), drawNormal(r, 40, 10, 6)), []int{40}},
		{"nothing", drawNormal(r, 30, 10, 1), nil},
		{"always the same", make([]float64, 30), nil},
		{"too short", []float64{1, 1, 9, 9, 9}, nil},
		{"empty", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := listPlaces(Divide(tt.values, 0.0125))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s%v", diff, tt.values)
			}
		})
	}
}

// Of series without a change, no more than the level have one found.
func TestDivideRarelyFindsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const series, level = 150, 0.05
	found := 0
	for range series {
		v := make([]float64, 12)
		for i := range v {
			v[i] = math.Exp(r.NormFloat64()) // skewed, as latencies are
		}
		if len(Divide(v, level)) > 0 {
			found++
		}
	}
	t.Logf("%d of %d", found, series)
	if limit := level*series + 3*math.Sqrt(series*level*(1-level)); float64(found) > limit {
		t.Errorf("%d of %d series without a change have one", found, series)
	}
}

// The look-ups are compared with the sums of the definition, written down.
func TestEnergyIsThatOfTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	v := drawNormal(r, 12, 0, 1)
	order := r.Perm(12)
	s := newSums(v, order)
	for split := 2; split <= 9; split++ {
		for end := split + 2; end <= 12; end++ {
			var x, y []float64
			for i := range end {
				if i < split {
					x = append(x, v[order[i]])
				} else {
					y = append(y, v[order[i]])
				}
			}
			m, n := float64(len(x)), float64(len(y))
			want := m * n / (m + n) * (2*meanDistance(x, y, m*n) - meanDistance(x, x, m*(m-1)) - meanDistance(y, y, n*(n-1)))
			if got := s.energyDistance(split, end); math.Abs(got-want) > 1e-12 {
				t.Fatalf("split %d, end %d: %v, want %v", split, end, got, want)
			}
		}
	}
}

func meanDistance(x, y []float64, pairs float64) float64 {
	sum := 0.0
	for _, a := range x {
		for _, b := range y {
			sum += math.Abs(a-b) / pairs
		}
	}
	return sum
}

func TestDivideRepeats(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	v := joinParts(drawNormal(r, 10, 1, 1), drawNormal(r, 10, 2, 1))
	if diff := cmp.Diff(Divide(v, 0.5), Divide(v, 0.5)); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkDivide(b *testing.B) {
	v := drawNormal(rand.New(rand.NewPCG(5, 5)), most, 10, 1)
	for b.Loop() {
		Divide(v, 0.0125)
	}
}
