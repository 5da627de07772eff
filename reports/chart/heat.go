package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports/view"
)

// heatMap is how long updates took over time: the stronger the shade, the more.
type heatMap struct {
	Alt         string
	Top, Bottom float64
	Levels      []heatLevel
	Ticks       []tick
	P50, P95    string // path data
	Limit       *float64
	Names       []tick // of the lines, at their right ends
	Never       *tick  // the row of updates without an answer
	Above       string // the limit, where it is far above
}

// heatLevel is all cells of one shade.
type heatLevel struct {
	Level int
	Path  string
}

const (
	heatHeight = 190
	heatLevels = 5
	rowsEach   = 4 // rows to a doubling of the latency
	neverRoom  = 16
)

// drawHeat draws the latencies below the panels; nil when nothing was answered.
func drawHeat(run view.Run, t measure.Timeline, x Axis, top float64) *heatMap {
	from, to, most, never := findExtent(t)
	limit := limitOf(run, gate.P95, 1)
	if most == 0 {
		return nil
	}
	near := limit != nil && *limit > 0 && *limit < farLimit*to
	if near {
		from, to = min(from, *limit/1.2), max(to, *limit*1.2)
	}
	h := &heatMap{Top: top, Bottom: top + heatHeight}
	room := 0.0
	if never > 0 {
		room = neverRoom
		h.Never = &tick{top + room/2, "no answer"}
	}
	y := Axis{From: from, To: to, At: h.Bottom, Length: room - heatHeight, log: true}
	h.Ticks = y.ticks(8, amount.Milliseconds)
	h.Levels = collectCells(t, x, y, most, top)
	h.P50 = h.drawTrace(t, x, y, 0.5, "p50")
	h.P95 = h.drawTrace(t, x, y, 0.95, "p95")
	if near {
		at := y.Px(*limit)
		h.Limit, h.Names = &at, append(h.Names, tick{at, "limit"})
	} else if limit != nil && *limit > 0 {
		h.Above = "limit of the p95: " + amount.Milliseconds(*limit) + ", above this picture"
	}
	h.Names = spreadNames(h.Names, 12)
	all := mergeLatencies(t)
	fine := all.Steps(16)
	h.Alt = fmt.Sprintf("How long %s took over %s: from %s to %s, half within %s, 95 %% within %s; %s had no answer",
		run.Words.Updates(), amount.Seconds(t.EndS), amount.Milliseconds(fine[0].FromMS), amount.Milliseconds(fine[len(fine)-1].ToMS),
		amount.MillisecondsIfAny(all.Quantile(0.5)), amount.MillisecondsIfAny(all.Quantile(0.95)), run.Words.CountUpdates(never))
	return h
}

// farLimit is how many times as high as everything that was seen a limit is left out: its
// line would press the rest to the bottom.
const farLimit = 8

// mergeLatencies returns the latencies of all bins in one histogram.
func mergeLatencies(t measure.Timeline) *measure.Histogram { return &t.Coarsen(1).Bins[0].Latency }

// findExtent returns the range of the latencies in ms, the fullest cell, and how
// many updates were never answered.
func findExtent(t measure.Timeline) (from, to float64, most, never int) {
	from = math.Inf(1)
	for i := range t.Bins {
		never += t.Bins[i].Latency.CountNever()
		for _, s := range t.Bins[i].Latency.Steps(rowsEach) {
			from, to, most = min(from, s.FromMS), max(to, s.ToMS), max(most, s.Count)
		}
	}
	return from, to, most, never
}

// drawCell draws a rectangle.
func drawCell(p *Pen, x0, x1, y0, y1 float64) {
	p.To('M', x0, y1)
	p.To('H', x1)
	p.To('V', y0)
	p.To('H', x0)
	p.WriteByte('z')
}

// collectCells collects the cells by shade, one path each: thousands of rectangles
// would make the page slow.
func collectCells(t measure.Timeline, x, y Axis, most int, top float64) []heatLevel {
	var pens [heatLevels + 1]Pen
	for i := range t.Bins {
		x0, x1 := x.Px(float64(i)*t.StepS), x.Px(float64(i+1)*t.StepS)
		for _, s := range t.Bins[i].Latency.Steps(rowsEach) {
			drawCell(&pens[chooseShade(s.Count, most)], x0, x1, y.Px(s.FromMS), y.Px(s.ToMS))
		}
		if n := t.Bins[i].Latency.CountNever(); n > 0 {
			drawCell(&pens[chooseShade(max(n, most/2), most)], x0, x1, top+neverRoom-6, top+2)
		}
	}
	var levels []heatLevel
	for level := range pens {
		if pens[level].Len() > 0 {
			levels = append(levels, heatLevel{level, pens[level].String()})
		}
	}
	return levels
}

// chooseShade returns the shade of a cell, from 1 for the fewest updates to
// heatLevels for the most, on a logarithmic scale: a single slow update must
// be visible.
func chooseShade(count, most int) int {
	if most <= 1 || count >= most {
		return heatLevels
	}
	return 1 + int(float64(heatLevels-1)*math.Log(float64(count))/math.Log(float64(most)))
}

// drawTrace draws a quantile over time and names it at the end of its last
// whole bin. It leaves gaps where the quantile lies beyond every answer.
func (h *heatMap) drawTrace(t measure.Timeline, x, y Axis, q float64, name string) string {
	var p Pen
	var end *float64
	drawn := false
	for i := range t.Bins {
		if i > 0 && t.EndS-float64(i)*t.StepS < t.StepS/2 {
			break // cut off by the end of the run: a handful of updates have no p95
		}
		v := t.Bins[i].Latency.Quantile(q)
		if v == nil {
			drawn = false
			continue
		}
		command := byte('M')
		if drawn {
			command = 'L'
		}
		at := y.Px(*v)
		p.To(command, x.Px((float64(i)+0.5)*t.StepS), at)
		drawn, end = true, &at
	}
	if end != nil {
		h.Names = append(h.Names, tick{*end, name})
	}
	return p.String()
}

// spreadNames moves names that would overlap apart.
func spreadNames(names []tick, apart float64) []tick {
	slices.SortFunc(names, func(a, b tick) int { return cmp.Compare(a.At, b.At) })
	for i := 1; i < len(names); i++ {
		names[i].At = max(names[i].At, names[i-1].At+apart)
	}
	return names
}
