package chart

import (
	"fmt"

	"github.com/occbench/occbench/internal/gate"
)

// GateChart is the interval of a gate against its limit: left of the limit is
// where it must lie.
type GateChart struct {
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

func DrawGate(g gate.Gate) *GateChart {
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
	a := Axis{From: 0, To: min(max(1.5*g.Limit, 1.15*high), 6*g.Limit), At: gateLeft, Length: gateWidth}
	c := &GateChart{Limit: a.Px(g.Limit), Low: a.Px(low), High: a.Px(high), Zero: a.Px(0), End: a.Px(a.To),
		Endless: endless || high > a.To, LowText: g.Write(&low), HighText: g.Write(g.Upper), LimitText: "limit " + g.Write(&g.Limit)}
	if endless {
		c.HighText = "no upper bound"
	}
	if c.Endless {
		c.High = a.Px(a.To)
	}
	if g.Estimate != nil {
		at := a.Px(*g.Estimate)
		c.Estimate = &at
	}
	c.Low = max(min(c.Low, c.High-3), gateLeft)
	c.Mid = min(max((c.Low+c.High)/2, gateLeft+60), gateLeft+gateWidth-60)
	c.Alt = fmt.Sprintf("%s: the interval from %s to %s, the %s", gate.RuleOf(g.Name).Title, c.LowText, c.HighText,
		c.LimitText)
	return c
}
