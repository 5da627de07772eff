package cwlocal

import (
	"fmt"
	"regexp"
)

// metricDataQuery is one line of GetMetricData, or of an alarm on metric math.
type metricDataQuery struct {
	Id         string
	MetricStat *metricStat
	Expression *string
	Label      *string
	ReturnData *bool // absent: true
	Period     *int  // of an expression; it must be the period of its metrics
}

type metricStat struct {
	Metric metric
	Period *int
	Stat   string
	Unit   *string
}

func (q *metricDataQuery) returned() bool { return q.ReturnData == nil || *q.ReturnData }

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

// plan is a checked list of queries, ready to be computed for any window.
type plan struct {
	lines []planned
	index map[string]int // by id
}

type planned struct {
	query     metricDataQuery
	metric    metric // canonical
	statistic statistic
	math      *named // nil for a metric
	period    int    // seconds; of the metrics an expression is made of
}

// planQueries checks queries; name is the parameter that holds them.
func planQueries(queries []metricDataQuery, name string) (*plan, *apiError) {
	p := &plan{index: map[string]int{}}
	for i, q := range queries {
		line, err := planLine(q, fmt.Sprintf("%s.member.%d", name, i+1))
		if err != nil {
			return nil, err
		}
		if _, taken := p.index[q.Id]; taken {
			return nil, validation("The values for parameter id in %s are not unique.", name)
		}
		p.index[q.Id] = i
		p.lines = append(p.lines, line)
	}
	for i := range p.lines {
		if err := p.resolve(i, nil); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func planLine(q metricDataQuery, path string) (planned, *apiError) {
	line := planned{query: q}
	switch {
	case !queryID.MatchString(q.Id):
		return line, validation("The value %q for parameter %s.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.", q.Id, path)
	case (q.MetricStat == nil) == (q.Expression == nil):
		return line, validation("Exactly one of %s.MetricStat and %s.Expression must be specified.", path, path)
	case q.Label != nil && dynamicLabel.MatchString(*q.Label):
		return line, unsupported("the dynamic label %q of %s", *q.Label, path)
	case q.Expression != nil:
		return planExpression(line, path)
	}
	return planMetric(line, path+".MetricStat")
}

var dynamicLabel = regexp.MustCompile(`\$\{`)

func planMetric(line planned, path string) (planned, *apiError) {
	ms := line.query.MetricStat
	if err := ms.Metric.check(path + ".Metric"); err != nil {
		return line, validation("%s", err.Message)
	}
	if ms.Period == nil || !validPeriod(*ms.Period) {
		return line, validation("The parameter %s.Period must be 1, 5, 10, 20, 30 or a multiple of 60.", path)
	}
	if ms.Unit != nil {
		if err := checkUnit(*ms.Unit, path+".Unit"); err != nil {
			return line, validation("%s", err.Message)
		}
	}
	var ok bool
	if line.statistic, ok = parseStatistic(ms.Stat); !ok {
		return line, unsupported("the value %q for parameter %s.Stat", ms.Stat, path)
	}
	line.metric, line.period = ms.Metric.canonical(), *ms.Period
	return line, nil
}

func planExpression(line planned, path string) (planned, *apiError) {
	e, err := parseExpression(*line.query.Expression)
	if err != nil {
		return line, validation("Error in expression %q of %s: %v.", line.query.Id, path, err)
	}
	if e.eval(&environment{}).isScalar { // it is a number with any data if it is one without
		return line, validation("The expression %q of %s is not a time series.", line.query.Id, path)
	}
	line.math = &e
	return line, nil
}

// resolve finds the period of an expression, and refuses expressions that go
// in circles, name what is not there, or mix periods.
func (p *plan) resolve(i int, above []int) *apiError {
	line := &p.lines[i]
	if line.math == nil || line.period != 0 {
		return nil
	}
	id := line.query.Id
	for _, on := range above {
		if on == i {
			return validation("The expression %q depends on itself.", id)
		}
	}
	for _, name := range line.math.names() {
		on, ok := p.index[name]
		if !ok {
			return validation("The expression %q uses the undefined id %q.", id, name)
		}
		if err := p.resolve(on, append(above, i)); err != nil {
			return err
		}
		if line.period != 0 && line.period != p.lines[on].period {
			return unsupported("the expression %q over metrics of different periods", id)
		}
		line.period = p.lines[on].period
	}
	if line.period == 0 {
		return validation("The expression %q uses no metric.", id)
	}
	if q := line.query.Period; q != nil && *q != line.period {
		return unsupported("a Period of the expression %q that is not that of its metrics", id)
	}
	return nil
}
