package chart

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/view"
)

// ServerChart lays what the server counted over what its clients did, with the
// time of the run marked and a line where an alarm changed its state.
type ServerChart struct {
	Left, Right, Height, Bottom float64
	RunFrom, RunTo              float64 // the run, in pixels
	Panels                      []serverPanel
	Counts                      []*Plot // of both, counted up
	Ticks                       []tick
	Marks                       []tick // where an alarm began or ended
	Names                       []tick // of the marks, apart from each other
	MarksText                   []string
	Period                      string
}

// serverPanel is one quantity as both saw it.
type serverPanel struct {
	Title, Alt      string
	Top, Bottom     float64
	Clients, Server string // path data
	Ticks           []tick
}

// span of one point of the server's series, in seconds of the run's clock.
type stretch struct{ from, to, value float64 }

// DrawServer draws the server's series; nil without any.
func DrawServer(run view.Run) *ServerChart {
	r, m := run.CloudWatch, run.Manifest
	if r == nil || r.Error != "" || len(r.Points) == 0 || r.PeriodS <= 0 || m == nil || m.Base.IsZero() || run.Timeline == nil {
		return nil
	}
	bins := widenBins(*run.Timeline)
	if len(bins.Bins) == 0 {
		return nil
	}
	period := float64(r.PeriodS)
	at := func(t time.Time) float64 { return t.Sub(m.Base).Seconds() }
	first, last := at(r.Points[0].At), at(r.Points[len(r.Points)-1].At)+period
	x := Axis{From: min(first, 0), To: max(last, bins.EndS), At: timeLeft, Length: timeWidth}
	if x.To-x.From > mostSpan*bins.EndS+2*period {
		return nil // its clock is another one
	}
	c := &ServerChart{Left: timeLeft, Right: timeLeft + timeWidth, RunFrom: x.Px(0), RunTo: x.Px(bins.EndS),
		Ticks:  x.ticks(8, func(v float64) string { return formatPlain(v) + " s" }),
		Period: view.FormatLength(time.Duration(r.PeriodS) * time.Second)}
	data := listMoments(bins)
	updates := collectArrivals(bins, func(a measure.Arrived) int { return a.Updates })
	conflicts := collectArrivals(bins, func(a measure.Arrived) int { return a.Conflicts })
	answered := collectServerCounts(r, at, bins.EndS, func(p telemetry.Point) int { return p.Attempts })
	refused := collectServerCounts(r, at, bins.EndS, func(p telemetry.Point) int { return p.Conflicts })
	c.Counts = []*Plot{drawCounts(reason.Capitalize(run.Words.Updates())+", counted up", updates, answered),
		drawCounts("Conflicts, counted up", conflicts, refused)}
	c.addPanel(x, reason.Capitalize(run.Words.Updates())+" per second", updates, answered)
	c.addPanel(x, "Conflicts per second", conflicts, refused)
	c.addPanel(x, "p95, ms", collectClients(bins, data, func(m moment) *float64 { return m.P95 }),
		collectServerPoints(r, at, func(p telemetry.Point) *float64 { return p.P95MS }))
	c.Bottom = timeTop + float64(len(c.Panels))*(panelHeight+panelGap) - panelGap
	c.Height = c.Bottom + 22
	c.addAlarms(r, x, at)
	c.Names = spreadNames(slices.Clone(c.Marks), nameWidth)
	return c
}

// mostSpan is how many times as long as the run the series may be. CloudWatch
// gives whole minutes, so a short run lies within one or two of them.
const mostSpan = 3

// collectClients turns a quantity of the clients into stretches.
func collectClients(t measure.Timeline, data []moment, of func(moment) *float64) []stretch {
	var all []stretch
	for _, m := range data {
		if v := of(m); v != nil {
			all = append(all, stretch{m.At, min(m.At+t.StepS, t.EndS), *v})
		}
	}
	return all
}

// collectArrivals turns counts of the clients into rates, second clicks and races included.
func collectArrivals(t measure.Timeline, of func(measure.Arrived) int) []stretch {
	var all []stretch
	for i := range t.Bins {
		from := float64(i) * t.StepS
		n := of(t.Bins[i].Arrived)
		to := min(from+t.StepS, t.EndS)
		if last := len(all) - 1; to-from < t.StepS/2 && last >= 0 { // too short to be a rate: a part of the bin before
			n += int(math.Round(all[last].value * (all[last].to - all[last].from)))
			from, all = all[last].from, all[:last]
		}
		all = append(all, stretch{from, to, float64(n) / max(to-from, t.StepS/2)})
	}
	return all
}

// drawCounts counts up what both saw; two lines on each other say that they agree.
func drawCounts(title string, clients, server []stretch) *Plot {
	here, there := "clients "+amount.Count(sumStretches(clients)), "server "+amount.Count(sumStretches(server))
	p := newPlot(title, pairWidth, measureWidest(here, there))
	end := 0.0
	for _, s := range append(slices.Clone(clients), server...) {
		end = max(end, s.to)
	}
	x := p.newTimeAxis(end)
	y := p.newRoundAxis(float64(max(sumStretches(clients), sumStretches(server))), formatCount)
	p.Lines = []shape{{"line", countUp(x, y, clients)}, {"server", countUp(x, y, server)}}
	p.nameEnd(y.Px(float64(sumStretches(clients))), here)
	p.nameEnd(y.Px(float64(sumStretches(server))), there)
	p.spreadNames()
	p.Alt = fmt.Sprintf("%s over %s: the clients counted %s, the server %s",
		title, amount.Seconds(end), amount.Count(sumStretches(clients)), amount.Count(sumStretches(server)))
	return p
}

func sumStretches(all []stretch) int {
	sum := 0.0
	for _, s := range all {
		sum += s.value * (s.to - s.from)
	}
	return int(math.Round(sum))
}

func countUp(x, y Axis, all []stretch) string {
	var p Pen
	sum := 0.0
	p.To('M', x.Px(0), y.Px(0))
	for _, s := range all {
		p.To('L', x.Px(s.from), y.Px(sum))
		sum += s.value * (s.to - s.from)
		p.To('L', x.Px(s.to), y.Px(sum))
	}
	return p.String()
}

// collectServerCounts turns counts of the server into rates. A period that reaches beyond the run has
// been empty there, so its count is spread over what it shares with the run; a count of a
// period outside the run stays where it is.
func collectServerCounts(r *telemetry.Report, at func(time.Time) float64, end float64, of func(telemetry.Point) int) []stretch {
	var all []stretch
	for _, p := range r.Points {
		s := stretch{from: at(p.At), to: at(p.At) + float64(r.PeriodS)}
		if from, to := max(s.from, 0), min(s.to, end); from < to {
			s.from, s.to = from, to
		} else if of(p) == 0 {
			continue
		}
		s.value = float64(of(p)) / (s.to - s.from)
		all = append(all, s)
	}
	return all
}

// collectServerPoints turns a series of the server into stretches.
func collectServerPoints(r *telemetry.Report, at func(time.Time) float64, of func(telemetry.Point) *float64) []stretch {
	var all []stretch
	for _, p := range r.Points {
		if v := of(p); v != nil && !math.IsNaN(*v) && !math.IsInf(*v, 0) {
			all = append(all, stretch{at(p.At), at(p.At) + float64(r.PeriodS), *v})
		}
	}
	return all
}

func (c *ServerChart) addPanel(x Axis, title string, clients, server []stretch) {
	top := 0.0
	for _, s := range append(append([]stretch{}, clients...), server...) {
		top = max(top, s.value)
	}
	if top == 0 {
		top = 1 // an axis of zeros needs a scale all the same
	}
	step := roundStep(top / 3)
	p := serverPanel{Title: title, Top: timeTop + float64(len(c.Panels))*(panelHeight+panelGap)}
	p.Bottom = p.Top + panelHeight
	y := Axis{From: 0, To: step * roundUp(top/step), At: p.Bottom, Length: -panelHeight}
	p.Ticks = y.ticks(3, formatPlain)
	p.Clients, p.Server = drawLevels(x, y, clients), drawLevels(x, y, server)
	p.Alt = fmt.Sprintf("%s: the clients saw %s on average, the server %s",
		title, formatPlain(averageStretches(clients)), formatPlain(averageStretches(server)))
	c.Panels = append(c.Panels, p)
}

// drawLevels draws each stretch as a level, joined to the one before where they
// touch.
func drawLevels(x, y Axis, all []stretch) string {
	var p Pen
	for i, s := range all {
		if i > 0 && math.Abs(all[i-1].to-s.from) < 1e-6 {
			p.To('V', y.Px(s.value))
		} else {
			p.To('M', x.Px(s.from), y.Px(s.value))
		}
		p.To('H', x.Px(s.to))
	}
	return p.String()
}

// averageStretches weighs each stretch with its length.
func averageStretches(all []stretch) float64 {
	sum, length := 0.0, 0.0
	for _, s := range all {
		sum, length = sum+s.value*(s.to-s.from), length+s.to-s.from
	}
	if length == 0 {
		return 0
	}
	return sum / length
}

// nameWidth is how far the names of two marks stand apart.
const nameWidth = 16

// mostMarks bounds the changes of alarms that are drawn: one that flaps would
// cover the chart.
const mostMarks = 12

func (c *ServerChart) addAlarms(r *telemetry.Report, x Axis, at func(time.Time) float64) {
	for i := range r.Alarms {
		a := &r.Alarms[i]
		for _, change := range a.Changes {
			if len(c.Marks) == mostMarks {
				return
			}
			if change.From != telemetry.StateAlarm && change.To != telemetry.StateAlarm {
				continue // it got data, or lost it
			}
			n := len(c.Marks) + 1
			c.Marks = append(c.Marks, tick{x.Px(at(change.At)), fmt.Sprint(n)})
			c.MarksText = append(
				c.MarksText,
				fmt.Sprintf(
					"%d: %s went from %s to %s after %s.",
					n,
					view.ShortenText(a.Name, 60),
					view.ShortenText(change.From, 20),
					view.ShortenText(change.To, 20),
					amount.Seconds(at(change.At)),
				),
			)
		}
	}
}
