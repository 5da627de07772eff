package cwlocal

import (
	"maps"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

const metricsPerPage = 500

type listMetricsInput struct {
	Namespace             string
	MetricName            string
	Dimensions            []dimensionFilter
	NextToken             string
	RecentlyActive        string
	IncludeLinkedAccounts bool // there are none
}

// dimensionFilter without a Value takes any.
type dimensionFilter struct {
	Name  string
	Value *string
}

type listMetricsOutput struct {
	Metrics   []metricdata.Metric
	NextToken *string
}

// listMetrics finds metrics that have at least the given dimensions, which is
// not how the other operations match.
func (s *state) listMetrics(now time.Time, in *listMetricsInput) (*listMetricsOutput, *protocol.Error) {
	if in.RecentlyActive != "" && in.RecentlyActive != "PT3H" {
		return nil, protocol.NewEnumError(in.RecentlyActive, "recentlyActive", "PT3H")
	}
	if len(in.Dimensions) > 10 {
		return nil, protocol.InvalidValue("The collection Dimensions must not have a size greater than 10.")
	}
	request := *in
	request.NextToken = ""
	position, err := protocol.ResumePage(request, in.NextToken, 1)
	if err != nil {
		return nil, err
	}
	found := s.findMetrics(in, now)
	if position != nil {
		found = found[min(int(position[0]), len(found)):]
	} else {
		position = []int64{0}
	}
	out := &listMetricsOutput{Metrics: found}
	if page := s.opts.Faults.pageSize(metricsPerPage); len(found) > page {
		out.Metrics = found[:page]
		out.NextToken = protocol.NewPageToken(request, position[0]+int64(page))
	}
	return out, nil
}

func (s *state) findMetrics(in *listMetricsInput, now time.Time) []metricdata.Metric {
	found := []metricdata.Metric{}
	for _, key := range slices.Sorted(maps.Keys(s.metrics.Series)) {
		data := s.metrics.Series[key]
		// A metric none of whose data can be seen yet is not seen either.
		active := data.Latest() != 0 &&
			(in.RecentlyActive == "" || data.Latest() > now.Add(-3*time.Hour).Unix())
		if active && in.matches(data.Metric) {
			found = append(found, data.Metric)
		}
	}
	return found
}

func (in *listMetricsInput) matches(m metricdata.Metric) bool {
	if in.Namespace != "" && in.Namespace != m.Namespace || in.MetricName != "" && in.MetricName != m.MetricName {
		return false
	}
	for _, f := range in.Dimensions {
		if !slices.ContainsFunc(m.Dimensions, func(d metricdata.Dimension) bool {
			return d.Name == f.Name && (f.Value == nil || *f.Value == d.Value)
		}) {
			return false
		}
	}
	return true
}
