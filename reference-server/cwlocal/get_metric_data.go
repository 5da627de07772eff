package cwlocal

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

const (
	maxQueries    = 500
	maxDatapoints = 100_800 // of one answer
)

type getMetricDataInput struct {
	MetricDataQueries []metricDataQuery
	StartTime         *time.Time
	EndTime           *time.Time
	NextToken         string
	ScanBy            string // TimestampDescending by default
	MaxDatapoints     *int
}

type getMetricDataOutput struct {
	MetricDataResults []metricDataResult
	NextToken         *string
	Messages          []messageData
}

type metricDataResult struct {
	Id         string
	Label      string
	Timestamps []time.Time
	Values     []float64
	StatusCode string // Complete, or PartialData when more follows or something is missing
	Messages   []messageData
}

type messageData struct{ Code, Value string }

const (
	complete    = "Complete"
	partialData = "PartialData"
)

func (s *Server) getMetricData(_ time.Time, in *getMetricDataInput) (*getMetricDataOutput, *apiError) {
	p, err := in.check()
	if err != nil {
		return nil, err
	}
	results, err := s.results(in, p)
	if err != nil {
		return nil, err
	}
	out, err := s.dataPage(in, results)
	s.pulls++
	if err == nil && due(s.pulls, s.opts.Faults.PartialEvery) {
		out.spoil()
	}
	return out, err
}

func (in *getMetricDataInput) check() (*plan, *apiError) {
	switch n := len(in.MetricDataQueries); {
	case n == 0:
		return nil, validation("The parameter MetricDataQueries is required.")
	case n > maxQueries:
		return nil, validation("The collection MetricDataQueries must not have a size greater than %d.", maxQueries)
	case in.StartTime == nil || in.EndTime == nil:
		return nil, validation("The parameters StartTime and EndTime are required.")
	case !in.StartTime.Before(*in.EndTime):
		return nil, validation("The parameter StartTime must be less than the parameter EndTime.")
	case !validScan(in.ScanBy):
		return nil, enumError(in.ScanBy, "scanBy", scanDescending, scanAscending)
	case in.MaxDatapoints != nil && (*in.MaxDatapoints < 1 || *in.MaxDatapoints > maxDatapoints):
		return nil, validation("The parameter MaxDatapoints must be between 1 and %d.", maxDatapoints)
	}
	return planQueries(in.MetricDataQueries, "MetricDataQueries")
}

// results computes every returned line over the whole window.
func (s *Server) results(in *getMetricDataInput, p *plan) ([]metricDataResult, *apiError) {
	results := []metricDataResult{}
	labels := p.labels()
	c := p.over(&s.metrics, func(period int) window { return windowOf(*in.StartTime, *in.EndTime, period) })
	for i, line := range p.lines {
		if !line.query.returned() {
			continue
		}
		points, err := c.line(i)
		if err != nil {
			return nil, err
		}
		r := s.result(line.query.Id, labels[i], points, c.window(line.period))
		if in.ScanBy != scanAscending {
			slices.Reverse(r.Timestamps)
			slices.Reverse(r.Values)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return nil, validation("At least one query must have ReturnData.")
	}
	return results, nil
}

func (s *Server) result(id, label string, points timeSeries, w window) metricDataResult {
	r := metricDataResult{Id: id, Label: label, StatusCode: complete, Timestamps: []time.Time{}, Values: []float64{}}
	for _, p := range points {
		r.Timestamps = append(r.Timestamps, time.Unix(p.at, 0).UTC())
		r.Values = append(r.Values, p.value)
	}
	if !s.metrics.complete(w.start) {
		r.StatusCode = partialData
		r.Messages = []messageData{{"Forgotten", "This local CloudWatch stand-in no longer holds all data before " +
			iso8601(time.Unix(s.metrics.forgotten+1, 0)) + "."}}
	}
	return r
}

// dataPage cuts the results down to one answer. The place where the next one
// begins is told by result and time, not by count, because data that arrives
// between two pages would shift a count.
func (s *Server) dataPage(in *getMetricDataInput, results []metricDataResult) (*getMetricDataOutput, *apiError) {
	request := *in
	request.NextToken = ""
	position, err := resume(request, in.NextToken, 2)
	if err != nil {
		return nil, err
	}
	first := 0
	if position != nil {
		first = int(min(position[0], int64(len(results)-1)))
		results[first].skip(position[1], in.ScanBy == scanAscending)
	}
	limit := maxDatapoints
	if in.MaxDatapoints != nil {
		limit = *in.MaxDatapoints
	}
	left := s.opts.Faults.pageSize(limit)
	out := &getMetricDataOutput{MetricDataResults: []metricDataResult{}, Messages: []messageData{}}
	for i := first; i < len(results); i++ {
		r := &results[i]
		if n := len(r.Values); n > left {
			if left > 0 {
				last := r.Timestamps[left-1].Unix()
				out.NextToken = pageToken(request, int64(i), last)
				r.cut(left)
				out.MetricDataResults = append(out.MetricDataResults, *r)
			} else {
				out.NextToken = pageToken(request, int64(i), noTime)
			}
			return out, nil
		}
		left -= len(r.Values)
		out.MetricDataResults = append(out.MetricDataResults, *r)
	}
	return out, nil
}

// noTime is the time in a token of a result that has not begun.
const noTime = -1 << 62

// skip drops what earlier pages held: everything up to the time `last`.
func (r *metricDataResult) skip(last int64, ascending bool) {
	if last == noTime {
		return
	}
	n := slices.IndexFunc(r.Timestamps, func(t time.Time) bool {
		order := cmp.Compare(t.Unix(), last)
		return ascending && order > 0 || !ascending && order < 0
	})
	if n < 0 {
		n = len(r.Timestamps)
	}
	r.Timestamps, r.Values = r.Timestamps[n:], r.Values[n:]
}

// cut keeps the first n points and says that there are more.
func (r *metricDataResult) cut(n int) {
	r.Timestamps, r.Values, r.StatusCode = r.Timestamps[:n], r.Values[:n], partialData
}

// spoil is Faults.PartialEvery.
func (out *getMetricDataOutput) spoil() {
	for i := range out.MetricDataResults {
		r := &out.MetricDataResults[i]
		r.cut(len(r.Values) / 2)
	}
	out.NextToken = nil
}

// labels name the lines: as asked for, else a metric by its name and an
// expression by its id. A name that occurs twice gets what tells it apart.
func (p *plan) labels() []string {
	names := map[string]int{}
	for _, line := range p.lines {
		if line.query.Label == nil {
			names[line.metric.MetricName]++
		}
	}
	labels := make([]string, len(p.lines))
	for i, line := range p.lines {
		switch q := line.query; {
		case q.Label != nil:
			labels[i] = *q.Label
		case line.math != nil:
			labels[i] = q.Id
		case names[line.metric.MetricName] > 1:
			labels[i] = line.longLabel()
		default:
			labels[i] = line.metric.MetricName
		}
	}
	return labels
}

func (line *planned) longLabel() string {
	label := line.metric.Namespace + " " + line.metric.MetricName
	for _, d := range line.metric.Dimensions {
		label += " " + d.Value
	}
	return label + " " + line.statistic.name + " " + strconv.Itoa(line.period)
}
