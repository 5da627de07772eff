package metricmath

import (
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// MaxDatapoints is how many datapoints one answer of GetMetricData holds.
const MaxDatapoints = 100_800

// maxComputed is how many datapoints one request may make the server compute.
// Without it, 500 lines over the same long series would each hold a copy.
const maxComputed = 10 * MaxDatapoints

// computation computes the lines of a plan over one stretch of time. A line is
// computed once, however many expressions use it: where each expression uses
// the two before it, computing anew would take forever.
type computation struct {
	plan   *Plan
	store  *metricdata.Store
	Window func(period int) metricdata.Window
	done   map[int]TimeSeries // by line
	points int
}

func (p *Plan) Compute(st *metricdata.Store, windowOf func(period int) metricdata.Window) *computation {
	return &computation{plan: p, store: st, Window: windowOf, done: map[int]TimeSeries{}}
}

// Line returns the points of a line. They are not to be changed.
func (c *computation) Line(i int) (TimeSeries, *protocol.Error) {
	if points, ok := c.done[i]; ok {
		return points, nil
	}
	line := &c.plan.Lines[i]
	w := c.Window(line.Period)
	if line.Math == nil {
		return c.keepPoints(i, c.computePoints(line, w))
	}
	if w.Len() > MaxDatapoints {
		return nil, protocol.ValidationError("The expression %q spans more than %d datapoints.", line.Query.Id, MaxDatapoints)
	}
	env := environment{operands: map[string]TimeSeries{}, window: w}
	for _, name := range line.Math.names() {
		points, err := c.Line(c.plan.index[name])
		if err != nil {
			return nil, err
		}
		env.operands[name] = points
	}
	return c.keepPoints(i, line.Math.eval(&env).points)
}

func (c *computation) keepPoints(i int, points TimeSeries) (TimeSeries, *protocol.Error) {
	if c.points += len(points); c.points > maxComputed {
		return nil, protocol.ValidationError("The request computes more than %d datapoints, which this local CloudWatch stand-in does not "+
			"do at "+
			"once.", maxComputed)
	}
	c.done[i] = points
	return points, nil
}

func (c *computation) computePoints(line *planned, w metricdata.Window) TimeSeries {
	var points TimeSeries
	for _, b := range c.store.Find(line.Metric).Buckets(w, line.unit(), line.Statistic.IsRank) {
		if v, ok := line.Statistic.Compute(&b.Sample); ok {
			points = append(points, point{b.At, v})
		}
	}
	return points
}

// unit is the only unit that a metric's line takes, "" for any.
func (line *planned) unit() string {
	if u := line.Query.MetricStat.Unit; u != nil {
		return *u
	}
	return ""
}
