package chart

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// TimeChart is a run over time: panels above each other on one time axis.
type TimeChart struct {
	Left    float64
	Right   float64 // of the plot
	End     float64 // in seconds
	Height  float64
	Bottom  float64 // of the panels
	Panels  []panel
	Heat    *heatMap
	Ticks   []tick
	Warm    float64  // where the warm-up ends; 0: there was none
	Outage  *float64 // since when nothing was answered
	Updates string   // what the API calls them
	Calm    []string // what is not drawn because it is nothing but zeros
	Data    []moment
}

// panel is one quantity over time.
type panel struct {
	Title    string
	Alt      string
	Top, Mid float64
	Bottom   float64
	Line     string // path data
	Area     string
	Second   string // path data of what it is held against; empty: nothing
	Ticks    []tick
	Limit    *tick
	axis     Axis
}

// moment is a bin in numbers, for the reader who points at it.
type moment struct {
	At        float64  `json:"t"`
	Updates   float64  `json:"updates"` // a second
	Conflicts *float64 `json:"conflicts"`
	Errors    int      `json:"errors"`
	P50       *float64 `json:"p50"`
	P95       *float64 `json:"p95"`
}

// The drawing is 720 pixels wide; the plot lies between timeLeft and
// timeLeft+timeWidth.
const (
	timeLeft, timeWidth = 68, 606
	timeTop             = 36
	panelHeight         = 74
	panelGap            = 34
	mostColumns         = 150
)

// DrawTime draws the timeline of a run; nil when there is nothing to draw.
func DrawTime(run view.Run) *TimeChart {
	c, t, x := newTimeChart(run)
	if c == nil {
		return nil
	}
	c.Updates, c.Data = run.Words.Updates(), listMoments(t)
	if n := run.Numbers; n != nil && n.Outage != nil {
		at := x.Px(n.Outage.SinceS)
		c.Outage = &at
	}
	c.addPanels(run, t, x)
	c.Bottom = c.nextTop() - panelGap
	if c.Heat = drawHeat(run, t, x, c.nextTop()); c.Heat != nil {
		c.Bottom = c.Heat.Bottom
	}
	c.Height = c.Bottom + 22
	return c
}

// newTimeChart returns an empty chart over the timeline of a run, the timeline in
// columns, and the axis of time; nil where there is nothing to draw.
func newTimeChart(run view.Run) (*TimeChart, measure.Timeline, Axis) {
	if run.Timeline == nil {
		return nil, measure.Timeline{}, Axis{}
	}
	t := widenBins(*run.Timeline)
	x := Axis{From: 0, To: max(t.EndS, t.StepS), At: timeLeft, Length: timeWidth}
	if len(t.Bins) == 0 {
		return nil, t, x
	}
	c := &TimeChart{Left: timeLeft, Right: timeLeft + timeWidth, End: x.To,
		Ticks: x.ticks(8, func(v float64) string { return formatPlain(v) + " s" })}
	if t.MeasuredS > 0 {
		c.Warm = x.Px(t.MeasuredS) - timeLeft
	}
	return c, t, x
}

// widenBins returns the timeline with bins so wide that each holds about 20
// updates: a rate of 3 updates says too little.
func widenBins(t measure.Timeline) measure.Timeline {
	attempts := 0
	for i := range t.Bins {
		attempts += t.Bins[i].Attempts()
	}
	return t.Coarsen(min(max(attempts/20, 10), mostColumns))
}

// nextTop returns where the next panel begins.
func (c *TimeChart) nextTop() float64 { return timeTop + float64(len(c.Panels))*(panelHeight+panelGap) }

func (c *TimeChart) addPanels(run view.Run, t measure.Timeline, x Axis) {
	c.addPanel(x, t, reason.Capitalize(run.Words.Updates())+" per second",
		pickValues(c.Data, func(m moment) *float64 { return &m.Updates }), nil)
	c.addPanelOrCalm(
		x,
		t,
		"Conflicts, % of the "+run.Words.Updates()+" that were decided",
		"No "+run.Words.Change()+" met a conflict.",
		limitOf(run, gate.ConflictRate, 100),
		pickValues(c.Data, func(m moment) *float64 { return m.Conflicts }),
	)
	c.addPanelOrCalm(x, t, "Failed "+run.Words.Updates(), "No "+run.Words.Change()+" failed.", nil,
		pickValues(c.Data, func(m moment) *float64 { e := float64(m.Errors); return &e }))
}

// addPanelOrCalm draws a quantity, or writes a sentence when it was 0 all the
// time.
func (c *TimeChart) addPanelOrCalm(x Axis, t measure.Timeline, title, calm string, limit *float64, values []*float64) {
	for _, v := range values {
		if v != nil && *v > 0 {
			c.addPanel(x, t, title, values, limit)
			return
		}
	}
	c.Calm = append(c.Calm, calm)
}

func (c *TimeChart) addPanel(x Axis, t measure.Timeline, title string, values []*float64, limit *float64) {
	low, high, sum, n := math.Inf(1), 0.0, 0.0, 0
	for _, v := range values {
		if v != nil {
			low, high, sum, n = min(low, *v), max(high, *v), sum+*v, n+1
		}
	}
	top := high
	if limit != nil && *limit < 3*high {
		top = max(high, *limit)
	}
	step := roundStep(top / 3)
	p := panel{Title: title, Top: c.nextTop(), Bottom: c.nextTop() + panelHeight}
	p.Mid = p.Top + panelHeight/2
	y := Axis{From: 0, To: step * max(roundUp(top/step), 1), At: p.Bottom, Length: -panelHeight}
	p.Ticks = y.ticks(3, formatPlain)
	if limit != nil && *limit <= y.To {
		p.Limit = &tick{y.Px(*limit), "limit"}
	}
	p.axis = y
	p.Line, p.Area = drawStairs(x, y, t.StepS, values)
	p.Alt = fmt.Sprintf(
		"%s over %s: from %s to %s, on average %s",
		title,
		amount.Seconds(t.EndS),
		formatPlain(low),
		formatPlain(high),
		formatPlain(sum/float64(max(n, 1))),
	)
	c.Panels = append(c.Panels, p)
}

// drawStairs draws a value for each bin as a level, with gaps where there is none.
func drawStairs(x, y Axis, step float64, values []*float64) (line, area string) {
	var l, a Pen
	drawn := false
	for i, v := range values {
		if v == nil {
			drawn = false
			continue
		}
		from, to, at := x.Px(float64(i)*step), x.Px(float64(i+1)*step), y.Px(*v)
		if !drawn {
			l.To('M', from, at)
		} else {
			l.To('V', at)
		}
		l.To('H', to)
		a.To('M', from, y.Px(0))
		a.To('V', at)
		a.To('H', to)
		a.To('V', y.Px(0))
		drawn = true
	}
	return l.String(), a.String()
}

// listMoments returns the numbers of each bin. The end of the run cuts the
// last bin, so its rate is left out when the bin is too short.
func listMoments(t measure.Timeline) []moment {
	all := make([]moment, 0, len(t.Bins))
	for i := range t.Bins {
		b := &t.Bins[i]
		length := min(t.StepS, t.EndS-float64(i)*t.StepS)
		if length < t.StepS/2 && i > 0 {
			break
		}
		m := moment{At: roundDigits(float64(i) * t.StepS), Updates: roundDigits(float64(b.Attempts()) / max(length, t.StepS/2)),
			Errors: b.Errors(), P50: roundOptional(b.Latency.Quantile(0.5)), P95: roundOptional(b.Latency.Quantile(0.95))}
		if conflicts, decided := b.Conflicts(); decided > 0 {
			share := roundDigits(100 * float64(conflicts) / float64(decided))
			m.Conflicts = &share
		}
		all = append(all, m)
	}
	return all
}

func pickValues(all []moment, of func(moment) *float64) []*float64 {
	values := make([]*float64, len(all))
	for i, m := range all {
		values[i] = of(m)
	}
	return values
}

// roundDigits rounds to four digits: more would not be visible, and would make
// the page larger.
func roundDigits(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

func roundOptional(v *float64) *float64 {
	if v == nil {
		return nil
	}
	t := roundDigits(*v)
	return &t
}

// limitOf returns the limit of a gate in the unit of its panel; nil when it was
// not asked.
func limitOf(run view.Run, name string, scale float64) *float64 {
	for _, g := range run.Verdict.Gates {
		if g.Name == name {
			l := g.Limit * scale
			return &l
		}
	}
	return nil
}
