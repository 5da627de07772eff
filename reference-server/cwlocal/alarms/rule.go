package alarms

import (
	"slices"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Rule is the definition of an alarm, with the names of PutMetricAlarm.
type Rule struct {
	AlarmName                        string
	AlarmDescription                 *string
	ActionsEnabled                   *bool
	OKActions                        []string
	AlarmActions                     []string
	InsufficientDataActions          []string
	MetricName                       *string
	Namespace                        *string
	Statistic                        *string
	ExtendedStatistic                *string
	Dimensions                       []metricdata.Dimension
	Period                           *int
	Unit                             *string
	EvaluationPeriods                *int
	DatapointsToAlarm                *int
	Threshold                        *float64
	ComparisonOperator               *string
	TreatMissingData                 *string
	EvaluateLowSampleCountPercentile *string
	Metrics                          []metricmath.Query
}

func (r *Rule) checkRule() *protocol.Error {
	switch {
	case r.AlarmName == "" || len(r.AlarmName) > 255:
		return protocol.ValidationError("The parameter AlarmName must have 1 to 255 characters.")
	case r.EvaluationPeriods == nil || *r.EvaluationPeriods < 1:
		return protocol.ValidationError("The parameter EvaluationPeriods must be at least 1.")
	case r.DatapointsToAlarm != nil && (*r.DatapointsToAlarm < 1 || *r.DatapointsToAlarm > *r.EvaluationPeriods):
		return protocol.ValidationError("The parameter DatapointsToAlarm must be between 1 and EvaluationPeriods.")
	case r.Threshold == nil:
		return protocol.ValidationError("The parameter Threshold is required.")
	case r.ComparisonOperator == nil:
		return protocol.ValidationError("The parameter ComparisonOperator is required.")
	case comparisons[*r.ComparisonOperator].holds == nil:
		return protocol.UnsupportedError("the value %q for parameter ComparisonOperator", *r.ComparisonOperator)
	}
	return nil
}

func (r *Rule) checkWords() *protocol.Error {
	if t := r.TreatMissingData; t != nil && !slices.Contains(MissingPolicies, *t) {
		return protocol.NewEnumError(*t, "treatMissingData", MissingPolicies...)
	}
	if e := r.EvaluateLowSampleCountPercentile; e != nil && *e != "evaluate" {
		return protocol.UnsupportedError("the value %q for parameter EvaluateLowSampleCountPercentile", *e)
	}
	if d := r.AlarmDescription; d != nil && len(*d) > 1024 {
		return protocol.ValidationError("The parameter AlarmDescription must not be longer than 1024 characters.")
	}
	for _, actions := range [][]string{r.OKActions, r.AlarmActions, r.InsufficientDataActions} {
		if len(actions) > 5 || slices.ContainsFunc(actions, func(arn string) bool { return arn == "" || len(arn) > 1024 }) {
			return protocol.ValidationError("An alarm has at most 5 actions of each kind, of 1 to 1024 characters.")
		}
	}
	return nil
}

// buildQueries returns the metrics that the alarm watches; an alarm on one metric is
// written as a query of that metric.
func (r *Rule) buildQueries() ([]metricmath.Query, *protocol.Error) {
	single := r.MetricName != nil || r.Namespace != nil || r.Period != nil || r.Unit != nil ||
		r.Statistic != nil || r.ExtendedStatistic != nil || len(r.Dimensions) > 0
	switch {
	case len(r.Metrics) > 0 && single:
		return nil, protocol.ValidationError("The parameter Metrics and the parameters of a single metric are mutually exclusive " +
			"and you have specified both.")
	case len(r.Metrics) > 20:
		return nil, protocol.ValidationError("The collection Metrics must not have a size greater than 20.")
	case len(r.Metrics) > 0:
		return r.Metrics, nil
	case r.MetricName == nil || r.Namespace == nil || r.Period == nil:
		return nil, protocol.ValidationError("The parameters Namespace, MetricName and Period are required for an alarm " +
			"on a single metric.")
	case (r.Statistic == nil) == (r.ExtendedStatistic == nil):
		return nil, protocol.ValidationError("Exactly one of the parameters Statistic and ExtendedStatistic must be specified.")
	}
	q := metricmath.Query{Id: "m", MetricStat: &metricmath.MetricStat{
		Metric: metricdata.Metric{Namespace: *r.Namespace, MetricName: *r.MetricName,
			Dimensions: r.Dimensions}, Period: r.Period, Unit: r.Unit}}
	if r.Statistic != nil {
		if !slices.Contains(metricdata.PlainStatistics, *r.Statistic) {
			return nil, protocol.NewEnumError(*r.Statistic, "statistic", metricdata.PlainStatistics...)
		}
		q.MetricStat.Stat = *r.Statistic
	} else {
		q.MetricStat.Stat = *r.ExtendedStatistic
	}
	return []metricmath.Query{q}, nil
}
