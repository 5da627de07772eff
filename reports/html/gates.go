package html

import (
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/view"
)

// gateRow is a gate as the first screen shows it.
type gateRow struct {
	Verdict gate.Result
	Name    string
	Title   string
	Claim   string
	Limit   string
	N       string
	Chart   *chart.GateChart // nil: the gate counts, or there is nothing to draw
	Spark   *chart.Spark     // of the last runs; nil: there are none
}

// foldGates shows the gates that do not pass and folds the others into a line.
// When all pass, it shows all.
func (p *page) foldGates(rows []gateRow) {
	var titles []string
	for _, row := range rows {
		if row.Verdict == gate.Pass {
			p.Kept, titles = append(p.Kept, row), append(titles, row.Title)
		} else {
			p.Gates = append(p.Gates, row)
		}
	}
	if len(p.Gates) == 0 {
		p.Gates, p.Kept = p.Kept, nil
		return
	}
	p.KeptNames = strings.Join(titles, ", ")
}

// hasBars reports whether a gate of some is drawn.
func hasBars(rows []gateRow) bool {
	return slices.ContainsFunc(rows, func(row gateRow) bool { return row.Chart != nil })
}

// gateRows returns the gates, those that are broken first.
func gateRows(run view.Run) []gateRow {
	var rows []gateRow
	for _, g := range view.SortFailingFirst(run.Verdict.Gates) {
		rows = append(
			rows,
			gateRow{
				Verdict: g.Verdict,
				Name:    g.Name,
				Title:   gate.RuleOf(g.Name).Title,
				Claim:   view.FormatClaim(run, &g),
				Limit:   g.LimitText(),
				N:       view.FormatSamples(g),
				Chart:   chart.DrawGate(g),
				Spark:   chart.DrawSpark(g.Name, g.Limit, run.Past),
			},
		)
	}
	return rows
}
