package chart

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
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
	Ticks         []tick
}

// lane is one operator.
type lane struct {
	Name string
	Y    float64
}

// call is one operation in its lane.
type call struct {
	X, Width, Y   float64
	Class         string // read, moved, refused or lost
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
)

// DrawLanes draws the operations of an anomaly; nil without any.
func DrawLanes(f *check.Anomaly) *LaneChart {
	if len(f.Operations) == 0 {
		return nil
	}
	times := events(f.Operations)
	names := lanes(f.Operations)
	c := &LaneChart{
		Alt: fmt.Sprintf("The %s that prove it, by operator and time", amount.Plural(len(f.Operations), "operation", "operations")),
	}
	if len(f.Operations) == 1 {
		c.Alt = "The operation that proves it"
	}
	at := places(f.Operations, times)
	for i, name := range names {
		c.Lanes = append(c.Lanes, lane{name, laneTop + float64(i)*laneHeight})
	}
	end := at[len(at)-1] + 16
	for i := range f.Operations {
		e := &f.Operations[i]
		x := at[place(times, e.Start)]
		one := call{
			X:          x,
			Width:      end - x,
			Y:          laneTop + float64(slices.Index(names, view.Who(e)))*laneHeight,
			Class:      class(e),
			Considered: e.Considered,
			Asked:      view.Asked(e),
			Answer:     view.Answered(e),
			Source:     view.Source(e),
		}
		if e.End >= e.Start {
			one.Width = max(at[place(times, e.End)]-x, 6)
		}
		c.Width = max(c.Width, x+room(e))
		c.Calls = append(c.Calls, one)
	}
	for i, ns := range times {
		c.Ticks = append(c.Ticks, tick{at[i], amount.Milliseconds(float64(ns-times[0]) / 1e6)})
	}
	c.Width = max(c.Width, end+laneStep)
	c.Bottom = laneTop + float64(len(names))*laneHeight
	c.Height = c.Bottom + 24
	return c
}

// events returns the distinct starts and ends, ascending.
func events(ops []check.Evidence) []int64 {
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

// lanes returns the operators in the order in which they appear.
func lanes(ops []check.Evidence) []string {
	sorted := slices.Clone(ops)
	slices.SortStableFunc(sorted, func(a, b check.Evidence) int { return cmp.Compare(a.Start, b.Start) })
	var names []string
	for i := range sorted {
		if name := view.Who(&sorted[i]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func place(times []int64, ns int64) int {
	i, _ := slices.BinarySearch(times, ns)
	return i
}

// places returns where each event is drawn: in order, a step apart, and an
// operation as far after the one before it in its lane as that one's words need.
func places(ops []check.Evidence, times []int64) []float64 {
	at := make([]float64, len(times))
	last := map[string]float64{} // by lane: the end of the words so far
	for i, ns := range times {
		at[i] = laneLeft
		if i > 0 {
			at[i] = at[i-1] + laneStep
		}
		for j := range ops {
			if ops[j].Start == ns {
				at[i] = max(at[i], last[view.Who(&ops[j])])
			}
		}
		for j := range ops {
			if ops[j].Start == ns {
				last[view.Who(&ops[j])] = max(last[view.Who(&ops[j])], at[i]+room(&ops[j]))
			}
		}
	}
	return at
}

// room is how wide the words of an operation are, in pixels.
func room(e *check.Evidence) float64 {
	return charWidth*float64(max(twwidth.Width(view.Asked(e)), twwidth.Width(view.Answered(e))+2)) + 14
}

// class is how an operation ended, as far as the drawing tells.
func class(e *check.Evidence) string {
	switch {
	case e.Kind != history.Update:
		return "read"
	case e.Outcome == history.Applied:
		return "moved"
	case e.Outcome.Uncertain():
		return "lost"
	}
	return "refused"
}
