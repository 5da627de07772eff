package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/reports/proof"
	"github.com/occbench/occbench/reports/view"
)

// LaneChart is the proof of an anomaly: a lane for each operator, time from left
// to right. Equal steps stand for unequal times: two calls a millisecond apart
// that are told a minute later that one was lost do not fit any true scale, and
// the order of the events is the proof.
type LaneChart struct {
	Width, Height float64
	Bottom        float64 // of the lanes
	Alt           string
	Lanes         []lane
	Calls         []call
	Life          []lifeStep // of the record: its versions over time
	LifeY         float64
	Record, ID    string // what the record is called, and which one it is
	Wide          bool   // there is no room to draw it larger
	Ticks         []tick
}

// lane is one operator.
type lane struct {
	Name string
	Of   string // its generator; empty where there is one
	Y    float64
}

// lifeStep is one version of the record: from the answer that confirmed it to the next.
type lifeStep struct {
	X, To float64
	Label string
	Lost  bool // another update of the same token wrote over it
}

// call is one operation in its lane.
type call struct {
	X, Width, Y   float64
	Class         string // read, applied, refused or lost
	Considered    bool
	Asked, Answer string
	Source        string // where it is recorded
}

const (
	laneLeft   = 96
	laneHeight = 58
	laneTop    = 8
	laneStep   = 54.0 // the least room between two events, for their times
	charWidth  = 6.6

	mostEnlarged = 600 // the widest drawing that fits a page when it is drawn larger
)

// DrawLanes draws the operations of an anomaly; nil without any.
func DrawLanes(f *check.Anomaly, words noun.Words) *LaneChart {
	if len(f.Operations) == 0 {
		return nil
	}
	times := listEvents(f.Operations)
	names := listLanes(f.Operations)
	c := &LaneChart{Alt: describeLanes(f, times[0])}
	at := placeEvents(f.Operations, times)
	for i, name := range names {
		who, of, _ := strings.Cut(name, " of ")
		c.Lanes = append(c.Lanes, lane{who, view.ShortenText(of, 14), laneTop + float64(i)*laneHeight})
	}
	end := at[len(at)-1] + 16
	for i := range f.Operations {
		e := &f.Operations[i]
		x := at[findEvent(times, e.Start)]
		one := call{
			X:          x,
			Width:      end - x,
			Y:          laneTop + float64(slices.Index(names, view.NameActor(e)))*laneHeight,
			Class:      classifyOperation(e),
			Considered: e.Considered,
			Asked:      view.DescribeRequest(e),
			Answer:     view.DescribeAnswer(e),
			Source:     view.DescribeSource(e),
		}
		if e.End >= e.Start {
			one.Width = max(at[findEvent(times, e.End)]-x, 6)
		}
		c.Width = max(c.Width, x+measureWords(e))
		c.Calls = append(c.Calls, one)
	}
	for i, mark := range proof.FormatInstants(times) {
		c.Ticks = append(c.Ticks, tick{at[i], mark})
	}
	c.Width = max(c.Width, end+laneStep)
	c.Bottom = laneTop + float64(len(names))*laneHeight
	c.drawLife(f, words, times, at, end)
	c.Height = c.Bottom + 24
	c.Wide = c.Width > mostEnlarged
	return c
}

// describeLanes returns the text alternative of the drawing: each operation in
// the order in which they began, and what became of the record.
func describeLanes(f *check.Anomaly, from int64) string {
	ops := slices.Clone(f.Operations)
	slices.SortStableFunc(ops, func(a, b check.Evidence) int { return cmp.Compare(a.Start, b.Start) })
	since := func(ns int64) string { return amount.Milliseconds(float64(ns-from) / 1e6) }
	var parts []string
	for i := range ops {
		e := &ops[i]
		text := fmt.Sprintf("%s %s at %s", view.NameActor(e), view.DescribeRequest(e), since(e.Start))
		if e.End < e.Start {
			text += ": no answer"
		} else {
			text += fmt.Sprintf(": %s at %s", view.DescribeAnswer(e), since(e.End))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// drawLife draws the versions that the updates of a proof made, in the order in which they
// were confirmed. Of a lost update all but the last are struck through: they are gone.
func (c *LaneChart) drawLife(f *check.Anomaly, words noun.Words, times []int64, at []float64, end float64) {
	made := slices.DeleteFunc(slices.Clone(f.Operations), func(e check.Evidence) bool {
		return e.Kind != history.Update || e.Outcome != history.Applied || e.End < e.Start || e.Considered
	})
	if len(made) == 0 {
		return
	}
	slices.SortStableFunc(made, func(a, b check.Evidence) int { return cmp.Compare(a.End, b.End) })
	const row = 40
	c.Record, c.ID, c.LifeY = words.One(), view.ShortenText(f.Record, 17), c.Bottom
	from := 0.0
	for i := range made {
		step := lifeStep{X: max(at[findEvent(times, made[i].End)], from), Lost: f.ID == check.OCC01 && i+1 < len(made)}
		step.Label = view.ShortenText(cmp.Or(proof.NameWritten(&made[i]), made[i].State, "written"), 24)
		if made[i].Token >= 0 && made[i].TokenText == "" {
			step.Label = fmt.Sprintf("v%d %s", made[i].Token, step.Label)
		}
		from = step.X + charWidth*float64(twwidth.Width(step.Label)) + 14
		step.To = max(from, end)
		if i+1 < len(made) {
			step.To = max(from, at[findEvent(times, made[i+1].End)])
		}
		c.Width = max(c.Width, step.To)
		c.Life = append(c.Life, step)
		if step.Lost {
			c.Alt += fmt.Sprintf("; %s is overwritten", step.Label)
		}
	}
	c.Alt += fmt.Sprintf("; %s stays", c.Life[len(c.Life)-1].Label)
	c.Bottom += row
}

// listEvents returns the distinct times at which operations start or end,
// ascending.
func listEvents(ops []check.Evidence) []int64 {
	var times []int64
	for i := range ops {
		times = append(times, ops[i].Start)
		if ops[i].End >= ops[i].Start {
			times = append(times, ops[i].End)
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// listLanes returns the operators in the order in which they appear.
func listLanes(ops []check.Evidence) []string {
	sorted := slices.Clone(ops)
	slices.SortStableFunc(sorted, func(a, b check.Evidence) int { return cmp.Compare(a.Start, b.Start) })
	var names []string
	for i := range sorted {
		if name := view.NameActor(&sorted[i]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func findEvent(times []int64, ns int64) int {
	i, _ := slices.BinarySearch(times, ns)
	return i
}

// placeEvents returns the position of each event: in order, at least one step
// apart, and with room for the label of an operation before the next one in
// its lane.
func placeEvents(ops []check.Evidence, times []int64) []float64 {
	at := make([]float64, len(times))
	last := map[string]float64{} // by lane: the end of the words so far
	for i, ns := range times {
		at[i] = laneLeft
		if i > 0 {
			at[i] = at[i-1] + laneStep
		}
		for j := range ops {
			if ops[j].Start == ns {
				at[i] = max(at[i], last[view.NameActor(&ops[j])])
			}
		}
		for j := range ops {
			if ops[j].Start == ns {
				last[view.NameActor(&ops[j])] = max(last[view.NameActor(&ops[j])], at[i]+measureWords(&ops[j]))
			}
		}
	}
	return at
}

// measureWords returns the width of the label of an operation, in pixels.
func measureWords(e *check.Evidence) float64 {
	return charWidth*float64(max(twwidth.Width(view.DescribeRequest(e)), twwidth.Width(view.DescribeAnswer(e))+2)) + 14
}

// classifyOperation returns the CSS class of an operation, which shows how it
// ended.
func classifyOperation(e *check.Evidence) string {
	switch {
	case e.Kind != history.Update:
		return "read"
	case e.Outcome == history.Applied:
		return "applied"
	case e.Outcome.Uncertain():
		return "lost"
	}
	return "refused"
}
