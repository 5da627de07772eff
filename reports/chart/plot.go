package chart

import (
	"cmp"
	"slices"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
)

// Plot is a drawing with two axes: areas, lines, and names at their ends.
type Plot struct {
	Title, Alt               string
	Width, Height            float64
	Left, Right, Top, Bottom float64 // of the plane
	X, Y                     []tick
	XName                    string
	Areas, Lines             []shape
	Names                    []label
	Key                      []string // what the lines are, and what to see, in sentences
}

// shape is the data of a path, with a class for its look.
type shape struct{ Class, Path string }

// label is a word beside a place.
type label struct {
	X, Y         float64
	Anchor, Text string
	Class        string
}

// newPlot makes the plane of a plot of a width, with room for the names at the right
// ends of its lines.
func newPlot(title string, width, right float64) *Plot {
	return &Plot{Title: title, Width: width, Height: plotHeight, Left: 52, Right: width - right, Top: 26, Bottom: plotHeight - 36}
}

// x and y are the axes of the plane.
func (p *Plot) x(from, to float64, log bool) Axis {
	return Axis{From: from, To: to, At: p.Left, Length: p.Right - p.Left, log: log}
}

func (p *Plot) y(from, to float64, log bool) Axis {
	return Axis{From: from, To: to, At: p.Bottom, Length: p.Top - p.Bottom, log: log}
}

// nameEnd writes the name of a line at its right end.
func (p *Plot) nameEnd(at float64, text string) {
	p.Names = append(p.Names, label{X: p.Right + 5, Y: at + 4, Anchor: "start", Text: text})
}

// spreadNames moves overlapping names at the right ends apart, and moves names
// that left the plot back into it.
func (p *Plot) spreadNames() {
	const apart = 13
	slices.SortStableFunc(p.Names, func(a, b label) int { return cmp.Compare(a.Y, b.Y) })
	for i := 1; i < len(p.Names); i++ {
		p.Names[i].Y = max(p.Names[i].Y, p.Names[i-1].Y+apart)
	}
	for i, last := len(p.Names)-1, p.Bottom+4; i >= 0; i-- {
		p.Names[i].Y = min(p.Names[i].Y, last)
		last = p.Names[i].Y - apart
	}
}

// newRoundAxis returns an axis with ticks, from 0 to a round number that is at
// least top.
func (p *Plot) newRoundAxis(top float64, name func(float64) string) Axis {
	if top <= 0 {
		top = 1
	}
	step := roundStep(top / 4)
	y := p.y(0, step*roundUp(top/step), false)
	p.Y = y.ticks(4, name)
	return y
}

// measureWidest returns the width of the longest text, in pixels.
func measureWidest(texts ...string) float64 {
	most := 0
	for _, t := range texts {
		most = max(most, twwidth.Width(t))
	}
	return charWidth*float64(most) + 8
}

// formatCount returns the label of a whole number on an axis.
func formatCount(v float64) string {
	if v == float64(int(v)) {
		return amount.Count(int(v))
	}
	return amount.Digits(v)
}
