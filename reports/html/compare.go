package html

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"math"
	"sync"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/view"
)

var compareTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("compare.html").Funcs(template.FuncMap{"px": chart.FormatTenths, "nb": bindUnits}).
		ParseFS(templates, "templates/compare/compare.html"))
})

// compareStyle is the style of all pages that are about more than one run.
var compareStyle = style + readAsset("compare/compare.css")

// comparePage is the data of the template.
type comparePage struct {
	Title, Policy string
	Style         template.CSS
	Verdict       compare.Verdict
	Decision      view.Decision
	Forced        []string
	Failing       string
	Subjects      []compareSubject
	Sections      []compareSection
	Rules, Notes  []string
}

type compareSubject struct{ Label, Directory, Words string }

// compareSection is the lines with one verdict.
type compareSection struct {
	Verdict compare.Verdict
	Lines   []compareRow
}

type compareRow struct {
	Name, Base, Run, Difference, Interval, Relative, Effect, EffectName, Detectable, Reason string
	Chart                                                                                   *compareChart
}

// compareChart is the interval of a difference against no change and the noise,
// each on a scale of its own, in pixels of a drawing of 220 × 20.
type compareChart struct {
	Alt                                 string
	Zero, NoiseFrom, NoiseTo, Low, High float64
	Seen                                *float64
}

// Comparison writes a page that stands alone: one file, no script, nothing
// loaded from anywhere.
func Comparison(w io.Writer, r compare.Report) error {
	p := comparePage{
		Policy: "default-src 'none'; img-src data:; style-src " + hashSource(compareStyle), Style: template.CSS(compareStyle),
		Verdict: r.Verdict, Decision: view.DecideComparison(r), Forced: view.ExplainForced(r),
		Failing: view.DescribeLimit(r), Rules: view.ExplainRules(r),
		Notes: view.ShortenAll(view.LimitLines(r.Notes)),
		Subjects: []compareSubject{
			{"base", view.ShortenText(r.Base.Directory, view.Longest), view.SubjectWords(r.Base, r.Words)},
			{"run", view.ShortenText(r.Run.Directory, view.Longest), view.SubjectWords(r.Run, r.Words)},
		},
	}
	p.Title = p.Decision.Word + " – occbench compare"
	for _, v := range view.VerdictOrder {
		if lines := view.SelectLines(r, v); len(lines) > 0 {
			p.Sections = append(p.Sections, compareSection{v, compareLines(lines, r.Words)})
		}
	}
	return writePage(w, compareTemplate(), p, "comparison")
}

// writePage writes a template's page.
func writePage(w io.Writer, t *template.Template, data any, what string) error {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("writing the %s as HTML: %w", what, err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the %s as HTML: %w", what, err)
	}
	return nil
}

func compareLines(lines []compare.Line, w noun.Words) []compareRow {
	var rows []compareRow
	for _, l := range lines {
		row := compareRow{
			Name:       view.LineName(l, w),
			Base:       l.Unit.Write(l.Base.Estimate),
			Run:        l.Unit.Write(l.Run.Estimate),
			Difference: l.Unit.FormatSigned(l.Difference),
			Interval:   view.FormatInterval(l),
			Relative:   view.FormatRelative(l),
			Effect:     view.FormatEffect(l),
			Detectable: view.FormatDetectable(l),
			Reason:     view.ShortenText(l.Reason, view.Longest),
			Chart:      drawChange(l, w),
		}
		if l.Effect != nil {
			row.EffectName = l.Effect.Name
		}
		rows = append(rows, row)
	}
	return rows
}

const changeLeft, changeWidth = 5, 210

func drawChange(l compare.Line, w noun.Words) *compareChart {
	if l.Lower == nil && l.Upper == nil || l.Unit == gate.Cases {
		return nil
	}
	low, high := orElse(l.Lower, math.Inf(-1)), orElse(l.Upper, math.Inf(1))
	reach := 0.0
	for _, v := range []float64{low, high, l.Noise, orElse(l.Difference, 0)} {
		if !math.IsInf(v, 0) {
			reach = max(reach, 1.15*math.Abs(v))
		}
	}
	if reach == 0 {
		return nil
	}
	a := chart.Axis{From: -reach, To: reach, At: changeLeft, Length: changeWidth}
	c := &compareChart{
		Alt:       view.LineName(l, w) + ": " + view.FormatInterval(l),
		Zero:      a.Px(0),
		NoiseFrom: a.Px(-l.Noise),
		NoiseTo:   a.Px(l.Noise),
		Low:       a.Px(low),
		High:      a.Px(high),
	}
	if l.Difference != nil {
		seen := a.Px(*l.Difference)
		c.Seen = &seen
	}
	return c
}

func orElse(v *float64, otherwise float64) float64 {
	if v == nil {
		return otherwise
	}
	return *v
}
