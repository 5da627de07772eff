package cwlocal

import (
	"cmp"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

const maxQueries = 500

type getMetricDataInput struct {
	MetricDataQueries []metricmath.Query
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

func (s *state) getMetricData(_ time.Time, in *getMetricDataInput) (*getMetricDataOutput, *protocol.Error) {
	p, err := in.check()
	if err != nil {
		return nil, err
	}
	results, err := s.computeResults(in, p)
	if err != nil {
		return nil, err
	}
	out, err := s.cutPage(in, results)
	s.pulls++
	if err == nil && isDue(s.pulls, s.opts.Faults.PartialEvery) {
		out.dropHalf()
	}
	return out, err
}

func (in *getMetricDataInput) check() (*metricmath.Plan, *protocol.Error) {
	switch n := len(in.MetricDataQueries); {
	case n == 0:
		return nil, protocol.ValidationError("The parameter MetricDataQueries is required.")
	case n > maxQueries:
		return nil, protocol.ValidationError("The collection MetricDataQueries must not have a size greater than %d.", maxQueries)
	case in.StartTime == nil || in.EndTime == nil:
		return nil, protocol.ValidationError("The parameters StartTime and EndTime are required.")
	case !in.StartTime.Before(*in.EndTime):
		return nil, protocol.ValidationError("The parameter StartTime must be less than the parameter EndTime.")
	case !protocol.IsValidScan(in.ScanBy):
		return nil, protocol.NewEnumError(in.ScanBy, "scanBy", protocol.ScanDescending, protocol.ScanAscending)
	case in.MaxDatapoints != nil && (*in.MaxDatapoints < 1 || *in.MaxDatapoints > metricmath.MaxDatapoints):
		return nil, protocol.ValidationError("The parameter MaxDatapoints must be between 1 and %d.", metricmath.MaxDatapoints)
	}
	return metricmath.NewPlan(in.MetricDataQueries, "MetricDataQueries")
}

// computeResults computes every returned line over the whole window.
func (s *state) computeResults(in *getMetricDataInput, p *metricmath.Plan) ([]metricDataResult, *protocol.Error) {
	results := []metricDataResult{}
	labels := p.Labels()
	c := p.Compute(s.metrics, func(period int) metricdata.Window { return metricdata.NewWindow(*in.StartTime, *in.EndTime, period) })
	for i, line := range p.Lines {
		if !line.Query.IsReturned() {
			continue
		}
		points, err := c.Line(i)
		if err != nil {
			return nil, err
		}
		r := s.newResult(line.Query.Id, labels[i], points, c.Window(line.Period))
		if in.ScanBy != protocol.ScanAscending {
			slices.Reverse(r.Timestamps)
			slices.Reverse(r.Values)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return nil, protocol.ValidationError("At least one query must have ReturnData.")
	}
	return results, nil
}

func (s *state) newResult(id, label string, points metricmath.TimeSeries, w metricdata.Window) metricDataResult {
	r := metricDataResult{Id: id, Label: label, StatusCode: complete, Timestamps: []time.Time{}, Values: []float64{}}
	for _, p := range points {
		r.Timestamps = append(r.Timestamps, time.Unix(p.At, 0).UTC())
		r.Values = append(r.Values, p.Value)
	}
	if !s.metrics.IsComplete(w.Start) {
		r.StatusCode = partialData
		r.Messages = []messageData{{"Forgotten", "This local CloudWatch stand-in no longer holds all data before " +
			protocol.FormatISO8601(time.Unix(s.metrics.Forgotten+1, 0)) + "."}}
	}
	return r
}

// cutPage cuts the results down to one answer. The place where the next one
// begins is told by result and time, not by count, because data that arrives
// between two pages would shift a count.
func (s *state) cutPage(in *getMetricDataInput, results []metricDataResult) (*getMetricDataOutput, *protocol.Error) {
	request := *in
	request.NextToken = ""
	position, err := protocol.ResumePage(request, in.NextToken, 2)
	if err != nil {
		return nil, err
	}
	first := 0
	if position != nil {
		first = int(min(position[0], int64(len(results)-1)))
		results[first].skip(position[1], in.ScanBy == protocol.ScanAscending)
	}
	limit := metricmath.MaxDatapoints
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
				out.NextToken = protocol.NewPageToken(request, int64(i), last)
				r.cut(left)
				out.MetricDataResults = append(out.MetricDataResults, *r)
			} else {
				out.NextToken = protocol.NewPageToken(request, int64(i), noTime)
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

// dropHalf carries out Faults.PartialEvery.
func (out *getMetricDataOutput) dropHalf() {
	for i := range out.MetricDataResults {
		r := &out.MetricDataResults[i]
		r.cut(len(r.Values) / 2)
	}
	out.NextToken = nil
}
