package html

import (
	"html/template"
	"io"
	"net/url"
	"slices"
	"sync"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/view"
)

var trendTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("index.html").Funcs(functions).
		ParseFS(templates, "templates/trend/index.html", "templates/spark.html", "templates/decision.html", "templates/gate.html",
			"templates/lanes.html"))
})

// trendPage is the data of the template.
type trendPage struct {
	Policy   string
	Style    template.CSS
	Sentence string
	Gates    []trendGate // what the last comparable runs said of each
	Columns  []string    // names of the values of a run
	Loads    []trendLoad // the load of the reference first
	Charts   []trendChart
	Notes    []string
}

// trendGate is a gate over the last comparable runs.
type trendGate struct {
	Title, Last string
	Spark       *chart.Spark
}

// trendLoad is the runs under one load, the latest first.
type trendLoad struct {
	Title string // empty: there is no other
	Runs  []trendRow
}

type trendRow struct {
	Name, Link, Start, Length, Build, Word, Why string
	Verdict                                     gate.Result
	Updates                                     string
	Values                                      []string
}

// trendChart is a line over the comparable runs, in a drawing of 800 × 120
// pixels.
type trendChart struct {
	Name, Alt string
	Line      string // data of a path
	Dots      []trendDot
	Changed   []float64
	Top, Low  string
	Words     []string
}

type trendDot struct {
	X, Y    float64
	Verdict gate.Result
	Title   string
}

// Trend writes a page that stands alone and links to the reports of the runs
// beside it.
func Trend(w io.Writer, r trend.Report) error {
	p := trendPage{Policy: "default-src 'none'; img-src data:; style-src " + hashSource(compareStyle), Style: template.CSS(compareStyle),
		Sentence: view.DescribeChanges(r), Notes: view.ShortenAll(view.LimitLines(r.Notes))}
	comparable := r.ListComparable()
	if len(comparable) >= leastDrawn {
		for _, m := range r.Metrics {
			p.Charts = append(p.Charts, drawTrend(view.KeepLatest(m, trendRoom), keepLast(comparable, trendRoom), m))
		}
	}
	last := keepLast(comparable, sparkRuns)
	for _, rule := range gate.Rules() {
		if s := chart.DrawSpark(rule.Name, 0, last); s != nil {
			p.Gates = append(p.Gates, trendGate{rule.Title, formatLatest(rule, last), s})
		}
	}
	for _, g := range trend.Gates() {
		p.Columns = append(p.Columns, g.Short)
	}
	p.Loads = groupByLoad(r.Runs)
	return writePage(w, trendTemplate(), p, "trend")
}

// leastDrawn is how many comparable runs make a line, and sparkRuns how many the small
// drawings at the top show.
const leastDrawn, sparkRuns = 3, 10

// formatLatest returns the latest run's value of a gate, as text.
func formatLatest(rule gate.Rule, runs []trend.Run) string {
	run := runs[len(runs)-1]
	if v := run.Values[rule.Name]; v != nil {
		return rule.Unit.Write(v)
	}
	return string(run.Gates[rule.Name])
}

// groupByLoad groups the runs by load, the latest first in each group. A run
// that did not complete is in the group of the reference.
func groupByLoad(runs []trend.Run) []trendLoad {
	var loads []trendLoad
	at := map[string]int{}
	add := func(run trend.Run, why, title string) {
		i, known := at[why]
		if !known {
			i = len(loads)
			at[why] = i
			loads = append(loads, trendLoad{Title: title})
		}
		loads[i].Runs = append(loads[i].Runs, trendLine(run))
	}
	for _, run := range slices.Backward(runs) {
		if !run.Unlike {
			add(run, "", "")
		}
	}
	for _, run := range slices.Backward(runs) {
		if run.Unlike {
			add(run, run.Why, "Another load: "+view.ShortenText(run.Why, view.Longest))
		}
	}
	if len(loads) > 1 && loads[0].Title == "" {
		loads[0].Title = "The load of the latest run"
	}
	return loads
}

func trendLine(run trend.Run) trendRow {
	row := trendRow{
		Name:    view.ShortenText(run.Name, 60),
		Build:   view.DescribeBuild(run),
		Word:    view.FormatVerdict(run),
		Verdict: run.Verdict,
		Updates: amount.Count(run.Updates),
		Why:     view.ShortenText(run.Reason, trendReason),
	}
	if run.Why != "" && !run.Unlike {
		row.Why = view.ShortenText(run.Why, trendReason)
	}
	if run.Seconds > 0 {
		row.Length = amount.RoundUpDuration(run.Seconds)
	}
	if run.Report != "" {
		row.Link = "./" + url.PathEscape(run.Name) + "/" + url.PathEscape(run.Report)
	}
	if !run.Start.IsZero() {
		row.Start = run.Start.UTC().Format("2006-01-02 15:04")
	}
	for _, g := range trend.Gates() {
		row.Values = append(row.Values, g.Unit.Write(run.Values[g.Name]))
	}
	return row
}

// trendReason is how many characters of a reason are shown.
const trendReason = 160

// Colspan returns how many columns the reason of a verdict has.
func (p trendPage) Colspan() int { return 5 + len(p.Columns) }

// trendRoom is how many runs a chart shows.
const trendRoom = 300

func keepLast(runs []trend.Run, n int) []trend.Run { return runs[max(0, len(runs)-n):] }

// drawTrend draws what is shown of a metric; the words are about the whole.
func drawTrend(m trend.Metric, runs []trend.Run, whole trend.Metric) trendChart {
	low, high := view.FindRange(whole.Values)
	x := chart.Axis{From: 0, To: float64(max(len(m.Values)-1, 1)), At: 8, Length: 784}
	y := chart.Axis{From: min(0, low), To: high, At: 108, Length: -96}
	c := trendChart{Name: m.Name, Top: m.Unit.Write(&high), Low: m.Unit.Write(&y.From)}
	var p chart.Pen
	up := true
	for i, v := range m.Values {
		if v == nil {
			up = true
			continue
		}
		dot := trendDot{
			x.Px(float64(i)),
			y.Px(*v),
			runs[i].Verdict,
			view.ShortenText(runs[i].Name, 60) + ": " + m.Unit.Write(v) + ", build " + view.ShortenText(view.OrNone(runs[i].Build), 60),
		}
		c.Dots = append(c.Dots, dot)
		command := byte('L')
		if up {
			command = 'M'
		}
		p.To(command, dot.X, dot.Y)
		up = false
	}
	c.Line = p.String()
	for _, change := range m.Changes {
		c.Changed = append(c.Changed, x.Px(float64(change.At)-0.5))
	}
	for _, change := range whole.Changes {
		c.Words = append(c.Words, view.ChangeWords(whole, change))
	}
	c.Alt = m.Name + " over " + amount.Plural(len(m.Values), "run", "runs") + ", from " + m.Unit.Write(&low) + " to " + m.Unit.Write(&high)
	return c
}
