package chart

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/reports/view"
)

// ContentionHeat is which records met conflicts when: the stronger the shade, the more.
type ContentionHeat struct {
	Alt         string
	Height      float64
	Left, Right float64
	Top, Bottom float64
	Rows        []tick
	Levels      []heatLevel
	Ticks       []tick
	Most        int    // conflicts in the fullest cell
	StepS       string // length of a cell
	Key         string
}

const (
	heatRow     = 13.0
	leastHeat   = 3 // conflicts of a record that is drawn
	leastHeated = 3 // such records, or there is nothing to see
	mostHeated  = 24
)

// DrawContention draws the records with the most conflicts over time; nil where the
// conflicts are too few or too scattered to be a picture.
func DrawContention(run view.Run) *ContentionHeat {
	if run.Timeline == nil || len(run.Timeline.Heat.Rows) == 0 {
		return nil
	}
	heat := run.Timeline.Heat
	others, columns := heat.Other, len(heat.Rows[0].Conflicts)
	var rows []int
	most := 0
	for i, row := range heat.Rows {
		sum := 0
		for _, n := range row.Conflicts {
			sum, most = sum+n, max(most, n)
		}
		if sum < leastHeat || len(rows) == mostHeated {
			others += sum
			continue
		}
		rows = append(rows, i)
	}
	if len(rows) < leastHeated {
		return nil
	}
	var names []string
	for _, i := range rows {
		names = append(names, view.ShortenText(view.OrUnknown(heat.Rows[i].Record), 16))
	}
	c := &ContentionHeat{Left: measureWidest(names...), Right: timeLeft + timeWidth, Top: 8, Most: most, StepS: amount.Seconds(heat.StepS)}
	c.Left = max(c.Left, 30)
	x := Axis{From: 0, To: float64(columns) * heat.StepS, At: c.Left, Length: c.Right - c.Left}
	var pens [heatLevels + 1]Pen
	for at, i := range rows {
		top := c.Top + float64(at)*heatRow
		c.Rows = append(c.Rows, tick{top + heatRow - 3, names[at]})
		for j, n := range heat.Rows[i].Conflicts {
			if n > 0 {
				drawCell(&pens[chooseShade(n, most)], x.Px(float64(j)*heat.StepS), x.Px(float64(j+1)*heat.StepS), top+1, top+heatRow-1)
			}
		}
	}
	for level := range pens {
		if pens[level].Len() > 0 {
			c.Levels = append(c.Levels, heatLevel{level, pens[level].String()})
		}
	}
	c.Bottom = c.Top + float64(len(rows))*heatRow
	c.Height = c.Bottom + 22
	c.Ticks = x.ticks(8, func(v float64) string { return formatPlain(v) + " s" })
	c.Alt = fmt.Sprintf("Conflicts of %s over time, the most of them %s in %s on %s %s", run.Words.CountRecords(len(rows)),
		amount.Count(most),
		c.StepS, run.Words.One(), names[0])
	c.Key = fmt.Sprintf("The %s with the most conflicts, warm-up included; a cell is %s, and the strongest shade stands for %s.",
		run.Words.Records(), c.StepS, amount.Plural(most, "conflict", "conflicts"))
	if others > 0 {
		c.Key += fmt.Sprintf(" Further %s met %s.", run.Words.Records(), amount.Plural(others, "conflict", "conflicts"))
	}
	return c
}
