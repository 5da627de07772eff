package chart

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/reports/view"
)

// Flow draws how turns went on after conflicts, attempt by attempt: bands as high as they are many.
type Flow struct {
	Alt           string
	Width, Height float64
	Bands         []shape
	Bars          []flowBar
	Names         []label
	Key           string
}

// flowBar counts the turns that ended, or went on, at one attempt.
type flowBar struct {
	X, Y, Height float64
	Class        string
}

const (
	flowTop    = 34.0
	flowHigh   = 150.0 // of all conflicts of first attempts
	flowGap    = 22.0  // between two bars, for their names
	flowBarW   = 10.0
	mostColumn = 4 // attempts that are drawn
)

// DrawFlow draws what followed the conflicts of first attempts; nil without any.
func DrawFlow(run view.Run) *Flow {
	if run.Timeline == nil || len(run.Timeline.Tries) == 0 || run.Timeline.Tries[0].Conflicts == 0 {
		return nil
	}
	tries := run.Timeline.Tries
	first := tries[0]
	columns := 1
	for columns < len(tries) && columns < mostColumn && tries[columns-1].Conflicts > 0 {
		columns++
	}
	f := &Flow{Width: 720}
	step := (f.Width - 150) / float64(max(columns-1, 1))
	if columns == 1 {
		step = 300
	}
	scale := flowHigh / float64(first.Conflicts)
	said := []string{fmt.Sprintf("%s of %s first attempts met a conflict", amount.Count(first.Conflicts), amount.Count(first.Sent))}
	f.Names = append(f.Names, label{X: 0, Y: 12, Anchor: "start", Class: "title",
		Text: fmt.Sprintf("%s first attempts: %s met a conflict", amount.Count(first.Sent), amount.Count(first.Conflicts))})
	x, y, bottom := 0.0, flowTop, flowTop+flowHigh
	f.Bars = append(f.Bars, flowBar{x, y, flowHigh, "refused"})
	for i := 1; i <= columns; i++ {
		refused := tries[i-1].Conflicts
		var next struct{ sent, applied, conflicts int }
		if i < len(tries) && i < mostColumn {
			next.sent, next.applied, next.conflicts = tries[i].Sent, tries[i].Applied, tries[i].Conflicts
		}
		next.sent = min(next.sent, refused) // of a turn whose first attempt was in the warm-up
		parts := []flowPart{
			{amount.Count(next.applied) + " applied", "applied", min(next.applied, next.sent)},
			{amount.Count(refused-next.sent) + " not tried again", "stopped", refused - next.sent},
			{amount.Count(next.sent-next.applied-next.conflicts) + " failed", "lost", next.sent - next.applied - next.conflicts},
			{amount.Count(next.conflicts) + " met another conflict", "refused", next.conflicts},
		}
		if refused == 0 {
			break
		}
		if i == mostColumn { // what follows is not told apart
			break
		}
		said = append(said, f.drawColumn(parts, i, x, y, x+step, scale, &bottom))
		last := f.Bars[len(f.Bars)-1]
		if last.Class != "refused" || next.conflicts == 0 {
			break
		}
		x, y = last.X, last.Y
	}
	f.Height = bottom + 14
	f.Alt = "What followed conflicts: " + strings.Join(said, "; ")
	f.Key = "Bands are as high as the " + run.Words.Updates() + " are many. “Not tried again” is a " + run.Words.One() +
		" that was found where it should be, one that others took elsewhere, or a turn that was given up."
	return f
}

type flowPart struct {
	name, class string
	n           int
}

// drawColumn draws what became of the conflicts of one attempt.
func (f *Flow) drawColumn(parts []flowPart, attempt int, x, y, to, scale float64, bottom *float64) string {
	var said []string
	at := y
	for _, p := range parts {
		if p.n <= 0 {
			continue
		}
		high := float64(p.n) * scale
		var band Pen
		middle := (x + flowBarW + to) / 2
		band.To('M', x+flowBarW, y)
		band.To('C', middle, y, middle, at, to, at)
		band.To('V', at+high)
		band.To('C', middle, at+high, middle, y+high, x+flowBarW, y+high)
		band.WriteByte('z')
		f.Bands = append(f.Bands, shape{"flow " + p.class, band.String()})
		f.Bars = append(f.Bars, flowBar{to, at, max(high, 1), p.class})
		f.Names = append(f.Names, label{X: to + flowBarW + 5, Y: at + min(high, 12)/2 + 5, Anchor: "start", Text: p.name})
		said = append(said, p.name)
		y += high
		at += max(high, flowGap-8) + 8
		*bottom = max(*bottom, at-4)
	}
	return fmt.Sprintf("after attempt %d: %s", attempt, strings.Join(said, ", "))
}
