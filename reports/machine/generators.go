package machine

import (
	"slices"

	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports/view"
)

// jsonGenerators describes the work of several generators, and how closely their clocks are known.
type jsonGenerators struct {
	Each           []jsonGenerator `json:"each"`
	ClockMedianMS  *float64        `json:"clock_median_ms"` // half of what is not known between two clocks; null: unknown
	ClockLargestMS *float64        `json:"clock_largest_ms"`
}

type jsonGenerator struct {
	measure.Part
	Segment        string `json:"segment"`
	State          string `json:"state"`
	Reason         string `json:"reason,omitempty"`
	Missing        bool   `json:"missing,omitempty"`
	Planned        int64  `json:"planned"`
	Dropped        int64  `json:"dropped"`
	HistoryDropped int64  `json:"history_dropped"`
}

// newJSONGenerators returns nil where the run has one generator.
func newJSONGenerators(run view.Run) *jsonGenerators {
	if len(run.Generators.List) == 0 {
		return nil
	}
	all := &jsonGenerators{}
	for i := range run.Generators.List {
		g := &run.Generators.List[i]
		one := jsonGenerator{
			Part: measure.Part{Generator: g.Name}, Segment: g.Segment, State: string(g.State),
			Reason:  g.Reason,
			Missing: g.Lost, Planned: g.PlannedIterations, Dropped: g.DroppedIterations, HistoryDropped: g.HistoryDropped,
		}
		if run.Numbers != nil {
			parts := run.Numbers.Generators
			if at := slices.IndexFunc(parts, func(p measure.Part) bool { return p.Generator == g.Name }); at >= 0 {
				one.Part = parts[at]
			}
		}
		all.Each = append(all.Each, one)
	}
	if b := run.Generators.Clocks; b != nil && len(b.Windows) > 0 {
		sum := b.Sum()
		all.ClockMedianMS, all.ClockLargestMS = toMilliseconds(sum.Median), toMilliseconds(sum.Largest)
	}
	return all
}

func toMilliseconds(ns int64) *float64 {
	if ns == clocks.Unknown {
		return nil
	}
	ms := float64(ns) / 1e6
	return &ms
}
