// Package chart computes drawings: where lines, bars and words stand, in pixels.
//
// Its opinion: a drawing is numbers that a template puts into SVG, so it needs no
// script and no library in the page, prints in greyscale, and can be tested.
package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/amount"
)

// Axis maps values to the pixels between At and At+Length. A logarithmic one
// needs From > 0.
type Axis struct {
	From, To   float64
	At, Length float64
	log        bool
}

// Px returns where a value is; what is outside is at the nearer end.
func (a Axis) Px(v float64) float64 {
	from, to := a.From, a.To
	if a.log {
		from, to, v = math.Log(from), math.Log(to), math.Log(max(v, math.SmallestNonzeroFloat64))
	}
	if to <= from {
		return a.At
	}
	return a.At + a.Length*min(max((v-from)/(to-from), 0), 1)
}

// tick is a labelled place on an axis.
type tick struct {
	At    float64
	Label string
}

// ticks returns round values, about so many.
func (a Axis) ticks(about int, label func(float64) string) []tick {
	var all []tick
	if a.log {
		for _, v := range listDecades(a.From, a.To) {
			all = append(all, tick{a.Px(v), label(v)})
		}
		return thinTicks(all, about)
	}
	step := roundStep((a.To - a.From) / float64(about))
	for i := math.Ceil(a.From / step); i*step <= a.To*(1+1e-9); i++ {
		all = append(all, tick{a.Px(i * step), label(i * step)})
	}
	return all
}

// listDecades returns the numbers 1, 2 and 5 times a power of ten that lie
// between two limits.
func listDecades(from, to float64) []float64 {
	var all []float64
	for e := math.Floor(math.Log10(from)); e <= math.Log10(to); e++ {
		for _, m := range []float64{1, 2, 5} {
			if v := m * math.Pow(10, e); v >= from*(1-1e-9) && v <= to*(1+1e-9) {
				all = append(all, v)
			}
		}
	}
	return all
}

// thinTicks returns every n-th tick, so that about the given number of them is
// left.
func thinTicks(all []tick, about int) []tick {
	every := (len(all) + about - 1) / about
	kept := all[:0]
	for i, t := range all {
		if i%max(every, 1) == 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

// roundStep returns the next of 1, 2, 5, 10, … that is not below v.
func roundStep(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 1
	}
	base := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*base >= v*(1-1e-9) {
			return m * base
		}
	}
	return 10 * base
}

// formatPlain writes a number with at most three digits that matter, thousands in full.
func formatPlain(v float64) string {
	if v = roundDigits(v); v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return amount.Count(int(v))
	}
	return amount.Digits(v)
}

// roundUp returns the next whole number; what floating point adds to a whole
// number is ignored.
func roundUp(v float64) float64 { return math.Ceil(v - 1e-9) }

// Pen writes the data of an SVG path, in tenths of a pixel.
type Pen struct{ strings.Builder }

func (p *Pen) To(command byte, coordinates ...float64) {
	p.WriteByte(command)
	for i, c := range coordinates {
		if i > 0 {
			p.WriteByte(' ')
		}
		p.WriteString(FormatTenths(c))
	}
}

// FormatTenths writes a coordinate with one decimal at most.
func FormatTenths(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}
