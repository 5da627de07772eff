package html

import (
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/view"
)

// gateRow is a gate as the first screen shows it.
type gateRow struct {
	Verdict gate.Result
	Title   string
	Claim   string
	Limit   string
	N       string
	Chart   *chart.GateChart // nil: the gate counts, or there is nothing to draw
}

func gateRows(run view.Run) []gateRow {
	var rows []gateRow
	for _, g := range view.GravestFirst(run.Verdict.Gates) {
		rows = append(
			rows,
			gateRow{
				Verdict: g.Verdict,
				Title:   view.Clean(gate.RuleOf(g.Name).Title),
				Claim:   view.Claim(run, &g),
				Limit:   g.LimitText(),
				N:       view.Samples(g),
				Chart:   chart.DrawGate(g),
			},
		)
	}
	return rows
}
