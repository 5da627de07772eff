package chart

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/reports/view"
)

// The two small drawings of a pair lie side by side where there is room.
const pairWidth, plotHeight = 460, 270

// DrawCourse draws the conflicts counted up over time beside those of a correct server;
// nil where no calls could be replayed, or none of them conflicts in either.
func DrawCourse(run view.Run) *Plot {
	c := run.Course
	if c == nil || len(c.Observed) == 0 {
		return nil
	}
	var seen, expected []float64
	s, e := 0, 0.0
	for i := range c.Observed {
		s, e = s+c.Observed[i], e+c.Expected[i]
		seen, expected = append(seen, float64(s)), append(expected, e)
	}
	if s == 0 && e < 0.5 {
		return nil
	}
	here, there := "this server "+amount.Count(s), "a correct one "+amount.Count(int(math.Round(e)))
	p := newPlot("Conflicts, counted up", pairWidth, measureWidest(here, there))
	x := p.newTimeAxis(float64(len(seen)) * c.StepS)
	y := p.newRoundAxis(max(float64(s), e), formatCount)
	p.Lines = append(p.Lines,
		shape{"line", drawCumulative(x, y, c.StepS, seen)}, shape{"line dashed", drawCumulative(x, y, c.StepS, expected)})
	p.nameEnd(y.Px(float64(s)), here)
	p.nameEnd(y.Px(e), there)
	p.spreadNames()
	p.Alt = fmt.Sprintf("Conflicts counted up over %s: %s on this server, %s on a correct server for the same calls",
		amount.Seconds(x.To), amount.Count(s), amount.Count(int(math.Round(e))))
	p.Key = []string{"Solid: what this server refused. Dashed: what a correct server refuses for the very same calls.",
		"They should lie on each other."}
	return p
}

// newTimeAxis returns the time axis.
func (p *Plot) newTimeAxis(end float64) Axis {
	x := p.x(0, end, false)
	p.X = x.ticks(6, func(v float64) string { return formatPlain(v) + " s" })
	return x
}

// drawCumulative draws the running total at the end of each step, from 0 on.
func drawCumulative(x, y Axis, step float64, sums []float64) string {
	var p Pen
	p.To('M', x.Px(0), y.Px(0))
	for i, v := range sums {
		p.To('L', x.Px(float64(i+1)*step), y.Px(v))
	}
	return p.String()
}
