// Package metricmath computes queries over metrics: a metric's statistic by period, and the arithmetic, comparisons,
// IF and FILL of metric math.
package metricmath

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Query is one line of GetMetricData, or of an alarm on metric math.
type Query struct {
	Id         string
	MetricStat *MetricStat
	Expression *string
	Label      *string
	ReturnData *bool // absent: true
	Period     *int  // of an expression; it must be the period of its metrics
}

type MetricStat struct {
	Metric metricdata.Metric
	Period *int
	Stat   string
	Unit   *string
}

func (q *Query) IsReturned() bool { return q.ReturnData == nil || *q.ReturnData }

// Plan is a checked list of queries, ready to be computed for any window.
type Plan struct {
	Lines []planned
	index map[string]int // by id
}

type planned struct {
	Query     Query
	Metric    metricdata.Metric // canonical
	Statistic metricdata.Statistic
	Math      *named // nil for a metric
	Period    int    // seconds; of the metrics an expression is made of
}

// NewPlan checks queries; name is the parameter that holds them.
func NewPlan(queries []Query, name string) (*Plan, *protocol.Error) {
	p := &Plan{index: map[string]int{}}
	for i, q := range queries {
		line, err := planLine(q, fmt.Sprintf("%s.member.%d", name, i+1))
		if err != nil {
			return nil, err
		}
		if _, taken := p.index[q.Id]; taken {
			return nil, protocol.ValidationError("The values for parameter id in %s are not unique.", name)
		}
		p.index[q.Id] = i
		p.Lines = append(p.Lines, line)
	}
	for i := range p.Lines {
		if err := p.resolve(i, nil); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func planLine(q Query, path string) (planned, *protocol.Error) {
	line := planned{Query: q}
	switch {
	case !isQueryID(q.Id):
		return line, protocol.ValidationError("The value %q for parameter %s.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
			q.Id, path)
	case (q.MetricStat == nil) == (q.Expression == nil):
		return line, protocol.ValidationError("Exactly one of %s.MetricStat and %s.Expression must be specified.", path, path)
	case q.Label != nil && strings.Contains(*q.Label, "${"):
		return line, protocol.UnsupportedError("the dynamic label %q of %s", *q.Label, path)
	case q.Expression != nil:
		return planExpression(line, path)
	}
	return planMetric(line, path+".MetricStat")
}

func planMetric(line planned, path string) (planned, *protocol.Error) {
	ms := line.Query.MetricStat
	if err := ms.Metric.Check(path + ".Metric"); err != nil {
		return line, protocol.ValidationError("%s", err.Message)
	}
	if ms.Period == nil || !metricdata.IsValidPeriod(*ms.Period) {
		return line, protocol.ValidationError("The parameter %s.Period must be 1, 5, 10, 20, 30 or a multiple of 60.", path)
	}
	if ms.Unit != nil {
		if err := metricdata.CheckUnit(*ms.Unit, path+".Unit"); err != nil {
			return line, protocol.ValidationError("%s", err.Message)
		}
	}
	var ok bool
	if line.Statistic, ok = metricdata.ParseStatistic(ms.Stat); !ok {
		return line, protocol.UnsupportedError("the value %q for parameter %s.Stat", ms.Stat, path)
	}
	line.Metric, line.Period = ms.Metric.Canonical(), *ms.Period
	return line, nil
}

func planExpression(line planned, path string) (planned, *protocol.Error) {
	e, err := parseExpression(*line.Query.Expression)
	if err != nil {
		return line, protocol.ValidationError("Error in expression %q of %s: %v.", line.Query.Id, path, err)
	}
	if e.eval(&environment{}).isScalar { // it is a number with any data if it is one without
		return line, protocol.ValidationError("The expression %q of %s is not a time series.", line.Query.Id, path)
	}
	line.Math = &e
	return line, nil
}

// resolve finds the period of an expression, and refuses expressions that go
// in circles, name what is not there, or mix periods.
func (p *Plan) resolve(i int, above []int) *protocol.Error {
	line := &p.Lines[i]
	if line.Math == nil || line.Period != 0 {
		return nil
	}
	id := line.Query.Id
	for _, on := range above {
		if on == i {
			return protocol.ValidationError("The expression %q depends on itself.", id)
		}
	}
	for _, name := range line.Math.names() {
		on, ok := p.index[name]
		if !ok {
			return protocol.ValidationError("The expression %q uses the undefined id %q.", id, name)
		}
		if err := p.resolve(on, append(above, i)); err != nil {
			return err
		}
		if line.Period != 0 && line.Period != p.Lines[on].Period {
			return protocol.UnsupportedError("the expression %q over metrics of different periods", id)
		}
		line.Period = p.Lines[on].Period
	}
	if line.Period == 0 {
		return protocol.ValidationError("The expression %q uses no metric.", id)
	}
	if q := line.Query.Period; q != nil && *q != line.Period {
		return protocol.UnsupportedError("a Period of the expression %q that is not that of its metrics", id)
	}
	return nil
}
