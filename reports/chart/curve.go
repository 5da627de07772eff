package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports/view"
)

// leastCurve is how many calls a curve of percentiles has at least.
const leastCurve = 20

// DrawPercentiles draws within which time which share of the calls was answered, with
// the slowest ones drawn out: each step to the right leaves a tenth. Nil where there
// are too few of all kinds.
func DrawPercentiles(run view.Run) *Plot {
	if run.Timeline == nil {
		return nil
	}
	took := &run.Timeline.Latencies
	all := []struct {
		name, class string
		of          *measure.Histogram
	}{{"applied", "line", &took.Applied}, {"conflict", "line dashed", &took.Conflict}, {"read", "line dotted", &took.Read}}
	low, high, most := math.Inf(1), 0.0, 0
	for _, c := range all {
		if steps := c.of.Steps(16); c.of.Len() >= leastCurve && len(steps) > 0 {
			low, high, most = min(low, steps[0].FromMS), max(high, steps[len(steps)-1].ToMS), max(most, c.of.Len())
		}
	}
	if most == 0 {
		return nil
	}
	p := newPlot("How long calls took, by percentile", 720, 60)
	x := p.x(0, mapTail(1-0.5/float64(most)), false)
	for _, q := range []float64{0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999} {
		if at := mapTail(q); at <= x.To {
			p.X = append(p.X, tick{x.Px(at), amount.Digits(100*q) + " %"})
		}
	}
	p.XName = "share of the calls that took at most as long"
	limit := limitOf(run, gate.P95, 1)
	near := limit != nil && *limit > 0 && *limit < 8*high
	if near {
		low, high = min(low, *limit/1.2), max(high, *limit*1.2)
	}
	y := p.y(low, high, true)
	p.Y = y.ticks(7, amount.Milliseconds)
	var said []string
	for _, c := range all {
		if c.of.Len() < leastCurve {
			continue
		}
		line, right, end := drawPercentiles(c.of, x, y)
		p.Lines = append(p.Lines, shape{c.class, line})
		if right < p.Right-60 {
			p.Names = append(p.Names, label{X: right + 5, Y: end + 4, Anchor: "start", Text: c.name})
		} else {
			p.nameEnd(end, c.name)
		}
		said = append(said, fmt.Sprintf("%s: p50 %s, p95 %s, p99 %s of %s", c.name, amount.MillisecondsIfAny(c.of.Quantile(0.5)),
			amount.MillisecondsIfAny(c.of.Quantile(0.95)), amount.MillisecondsIfAny(c.of.Quantile(0.99)),
			amount.Plural(c.of.Len(), "call", "calls")))
	}
	if at := mapTail(measure.P95); near && at < x.To {
		px := x.Px(at)
		py := FormatTenths(y.Px(*limit))
		p.Lines = append(p.Lines, shape{"limit",
			"M" + FormatTenths(px-28) + " " + py + "h56M" + FormatTenths(px) + " " + py + "V" + FormatTenths(p.Bottom)})
		p.Names = append(p.Names, label{X: px - 32, Y: y.Px(*limit) + 4, Anchor: "end", Text: "limit of the p95"})
	} else if limit != nil && *limit > 0 {
		p.Names = append(p.Names, label{X: p.Left + 6, Y: p.Top + 10, Anchor: "start",
			Text: "limit of the p95: " + amount.Milliseconds(*limit) + ", above this picture"})
	}
	p.spreadEnds()
	p.Alt = "Latency by percentile. " + strings.Join(said, "; ")
	p.Key = []string{"Each step to the right leaves a tenth of the calls: what the slowest ones took is on the right."}
	return p
}

// mapTail maps a share to the axis, on which 0, 90 %, 99 % and 99.9 % have
// equal distances.
func mapTail(q float64) float64 { return -math.Log10(1 - q) }

// drawPercentiles returns the curve of a histogram and the point where it
// ends. Calls without an answer lie beyond the end.
func drawPercentiles(h *measure.Histogram, x, y Axis) (line string, right, end float64) {
	var p Pen
	seen, n := 0, float64(h.Len())
	for i, s := range h.Steps(16) {
		if i == 0 {
			p.To('M', x.Px(0), y.Px(s.FromMS))
		}
		seen += s.Count
		right, end = x.Px(mapTail((float64(seen)-0.5)/n)), y.Px(s.ToMS)
		p.To('L', right, end)
	}
	return p.String(), right, end
}

// spreadEnds moves apart the names at the right ends alone.
func (p *Plot) spreadEnds() {
	ends := Plot{Bottom: p.Bottom}
	var others []label
	for _, n := range p.Names {
		if n.X > p.Right {
			ends.Names = append(ends.Names, n)
		} else {
			others = append(others, n)
		}
	}
	ends.spreadNames()
	p.Names = append(others, ends.Names...)
}
