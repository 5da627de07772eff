package chart

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTicksAreRound(t *testing.T) {
	tests := []struct {
		name  string
		axis  Axis
		about int
		want  string
	}{
		{"linear", Axis{From: 0, To: 60, Length: 600}, 6, "[{0 0} {100 10} {200 20} {300 30} {400 40} {500 50} {600 60}]"},
		{"fractions", Axis{From: 0, To: 0.05, Length: 100}, 4, "[{0 0} {40 0.02} {80 0.04}]"},
		{"logarithmic", Axis{From: 10, To: 100, Length: 100, log: true}, 8, "[{0 10} {30.1 20} {69.9 50} {100 100}]"},
		{"thinned", Axis{From: 0.001, To: 1000, Length: 60, log: true}, 4, "[{0 0.001} {17 0.05} {33 2} {50 100}]"},
		{"beyond zero", Axis{From: -0.4, To: 2, Length: 24}, 2, "[{4 0} {24 2}]"},
		{"a point", Axis{From: 5, To: 5, Length: 60}, 4, "[{0 5}]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rounded []string
			for _, tick := range tt.axis.ticks(tt.about, formatPlain) {
				rounded = append(rounded, fmt.Sprintf("{%s %s}", FormatTenths(tick.At), tick.Label))
			}
			if diff := cmp.Diff(tt.want, fmt.Sprint(rounded)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestRoundStep(t *testing.T) {
	for in, want := range map[float64]float64{0: 1, 1: 1, 1.1: 2, 3: 5, 7: 10, 0.03: 0.05, 1e9: 1e9} {
		if got := roundStep(in); got != want {
			t.Errorf("roundStep(%v) = %v, want %v", in, got, want)
		}
	}
}
