package chart

import (
	"github.com/occbench/occbench/reports/view"
)

// DrawLoad draws the load that was offered over time: the turns that began, how many
// calls were under way, and how late the generator was. Nil where nothing of it is known.
func DrawLoad(run view.Run) *TimeChart {
	c, t, x := newTimeChart(run)
	if c == nil {
		return nil
	}
	var turns, due, busy, late []*float64
	began, asked, timers := 0, 0, 0
	for i := range t.Bins {
		length := min(t.StepS, t.EndS-float64(i)*t.StepS)
		if length < t.StepS/2 && i > 0 {
			break // as with the moments: too short to be a rate
		}
		o := &t.Bins[i].Offered
		length = max(length, t.StepS/2)
		began, asked, timers = began+o.Turns, asked+o.Due, timers+o.Timers
		turns, due = append(turns, newFloat(float64(o.Turns)/length)), append(due, newFloat(float64(o.Due)/length))
		busy = append(busy, newFloat(float64(o.BusyNS)/1e9/length))
		late = append(late, nil)
		if o.Timers > 0 {
			late[len(late)-1] = newFloat(float64(o.LateNS) / 1e6)
		}
	}
	if began == 0 {
		return nil
	}
	c.addPanel(x, t, "Turns that began, per second", turns, nil)
	if asked > 0 {
		last := &c.Panels[len(c.Panels)-1]
		last.Title += " (dashed: those that were due)"
		last.Second, _ = drawStairs(x, last.axis, t.StepS, due)
	}
	c.addPanel(x, t, "Calls under way, on average", busy, nil)
	if timers > 0 {
		c.addPanel(x, t, "How late the generator was at most, ms", late, nil)
	}
	c.Bottom = c.nextTop() - panelGap
	c.Height = c.Bottom + 22
	return c
}

// newFloat returns a pointer to v.
func newFloat(v float64) *float64 { return &v }
