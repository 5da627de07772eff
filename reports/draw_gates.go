package reports

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/gate"
)

// gateRow is a gate as the first screen shows it.
type gateRow struct {
	Verdict gate.Result
	Title   string
	Claim   string
	Limit   string
	N       string
	Chart   *gateChart // nil: the gate counts, or there is nothing to draw
}

func gateRows(run Run) []gateRow {
	var rows []gateRow
	for _, g := range gravestFirst(run.Verdict.Gates) {
		rows = append(rows, gateRow{Verdict: g.Verdict, Title: clean(gate.RuleOf(g.Name).Title), Claim: claim(run, &g), Limit: g.LimitText(), N: samples(g), Chart: drawGate(g)})
	}
	return rows
}

// gravestFirst lists what is proven before what is estimated.
func gravestFirst(gates []gate.Gate) []gate.Gate {
	sorted := slices.Clone(gates)
	slices.SortStableFunc(sorted, func(a, b gate.Gate) int {
		return cmp.Compare(gate.RuleOf(b.Name).Gravity, gate.RuleOf(a.Name).Gravity)
	})
	return sorted
}

// gateChart is the interval of a gate against its limit: left of the limit is
// where it must lie.
type gateChart struct {
	Alt            string
	Limit          float64 // all in pixels
	Low, High      float64
	Estimate       *float64
	Endless        bool // the interval goes on beyond the right end
	LowText        string
	HighText       string
	LimitText      string
	Zero, End, Mid float64 // the ends of the axis, and where the text of the interval is centred
}

// The axis of a gate is at least 1.5 limits long and at most 6, in a drawing of
// 320 × 46 pixels.
const (
	gateLeft, gateWidth = 6, 308
)

func drawGate(g gate.Gate) *gateChart {
	if gate.RuleOf(g.Name).Kind != gate.Bounded || g.Limit <= 0 || g.Lower == nil && g.Upper == nil {
		return nil
	}
	low, high, endless := 0.0, 0.0, g.Upper == nil
	if g.Lower != nil {
		low = *g.Lower
	}
	high = max(low, g.Limit)
	if !endless {
		high = *g.Upper
	}
	a := axis{From: 0, To: min(max(1.5*g.Limit, 1.15*high), 6*g.Limit), At: gateLeft, Length: gateWidth}
	c := &gateChart{Limit: a.px(g.Limit), Low: a.px(low), High: a.px(high), Zero: a.px(0), End: a.px(a.To),
		Endless: endless || high > a.To, LowText: g.Write(&low), HighText: g.Write(g.Upper), LimitText: "limit " + g.Write(&g.Limit)}
	if endless {
		c.HighText = "no upper bound"
	}
	if c.Endless {
		c.High = a.px(a.To)
	}
	if g.Estimate != nil {
		at := a.px(*g.Estimate)
		c.Estimate = &at
	}
	c.Low = max(min(c.Low, c.High-3), gateLeft)
	c.Mid = min(max((c.Low+c.High)/2, gateLeft+60), gateLeft+gateWidth-60)
	c.Alt = fmt.Sprintf("%s: the interval from %s to %s, the %s", clean(gate.RuleOf(g.Name).Title), c.LowText, c.HighText, c.LimitText)
	return c
}
