package cwlocal

import (
	"slices"
	"time"
)

type putMetricAlarmInput struct {
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
	Dimensions                       []Dimension
	Period                           *int
	Unit                             *string
	EvaluationPeriods                *int
	DatapointsToAlarm                *int
	Threshold                        *float64
	ComparisonOperator               *string
	TreatMissingData                 *string
	EvaluateLowSampleCountPercentile *string
	Metrics                          []metricDataQuery
}

// putMetricAlarm creates an alarm in INSUFFICIENT_DATA, or changes one and
// leaves its state.
func (s *Server) putMetricAlarm(now time.Time, in *putMetricAlarmInput) *apiError {
	a, err := in.alarm()
	if err != nil {
		return err
	}
	old, exists := s.alarms.byName[in.AlarmName]
	if !exists && len(s.alarms.byName) >= s.opts.MaxAlarms {
		return limitExceeded("This local CloudWatch stand-in holds at most %d alarms.", s.opts.MaxAlarms)
	}
	a.updated, a.reasoned, a.turned = now, now, now
	a.state = state{value: stateInsufficient, reason: "Unchecked: Initial alarm creation"}
	what := "created"
	if exists {
		a.state, a.reasoned, a.turned = old.state, old.reasoned, old.turned
		what = "updated"
	}
	s.alarms.byName[in.AlarmName] = a
	s.alarms.history.add(configurationUpdate(a, now, what))
	return nil
}

// alarm checks the input and completes it with what CloudWatch fills in.
func (in *putMetricAlarmInput) alarm() (*alarm, *apiError) {
	if err := in.checkRule(); err != nil {
		return nil, err
	}
	if err := in.checkWords(); err != nil {
		return nil, err
	}
	queries, err := in.queries()
	if err != nil {
		return nil, err
	}
	p, err := planQueries(queries, "Metrics")
	if err != nil {
		return nil, err
	}
	watched, err := watchedLine(p)
	if err != nil {
		return nil, err
	}
	a := &alarm{putMetricAlarmInput: *in, plan: p, watched: watched}
	a.complete()
	return a, a.checkPeriods()
}

func (in *putMetricAlarmInput) checkRule() *apiError {
	switch {
	case in.AlarmName == "" || len(in.AlarmName) > 255:
		return validation("The parameter AlarmName must have 1 to 255 characters.")
	case in.EvaluationPeriods == nil || *in.EvaluationPeriods < 1:
		return validation("The parameter EvaluationPeriods must be at least 1.")
	case in.DatapointsToAlarm != nil && (*in.DatapointsToAlarm < 1 || *in.DatapointsToAlarm > *in.EvaluationPeriods):
		return validation("The parameter DatapointsToAlarm must be between 1 and EvaluationPeriods.")
	case in.Threshold == nil:
		return validation("The parameter Threshold is required.")
	case in.ComparisonOperator == nil:
		return validation("The parameter ComparisonOperator is required.")
	case comparisons[*in.ComparisonOperator].holds == nil:
		return unsupported("the value %q for parameter ComparisonOperator", *in.ComparisonOperator)
	}
	return nil
}

func (in *putMetricAlarmInput) checkWords() *apiError {
	if t := in.TreatMissingData; t != nil && !slices.Contains(missingPolicies, *t) {
		return enumError(*t, "treatMissingData", missingPolicies...)
	}
	if e := in.EvaluateLowSampleCountPercentile; e != nil && *e != "evaluate" {
		return unsupported("the value %q for parameter EvaluateLowSampleCountPercentile", *e)
	}
	if d := in.AlarmDescription; d != nil && len(*d) > 1024 {
		return validation("The parameter AlarmDescription must not be longer than 1024 characters.")
	}
	for _, actions := range [][]string{in.OKActions, in.AlarmActions, in.InsufficientDataActions} {
		if len(actions) > 5 || slices.ContainsFunc(actions, func(arn string) bool { return arn == "" || len(arn) > 1024 }) {
			return validation("An alarm has at most 5 actions of each kind, of 1 to 1024 characters.")
		}
	}
	return nil
}

// queries are the metrics that the alarm watches; an alarm on one metric is
// written as a query of that metric.
func (in *putMetricAlarmInput) queries() ([]metricDataQuery, *apiError) {
	single := in.MetricName != nil || in.Namespace != nil || in.Period != nil || in.Unit != nil ||
		in.Statistic != nil || in.ExtendedStatistic != nil || len(in.Dimensions) > 0
	switch {
	case len(in.Metrics) > 0 && single:
		return nil, validation("The parameter Metrics and the parameters of a single metric are mutually exclusive and you have specified both.")
	case len(in.Metrics) > 20:
		return nil, validation("The collection Metrics must not have a size greater than 20.")
	case len(in.Metrics) > 0:
		return in.Metrics, nil
	case in.MetricName == nil || in.Namespace == nil || in.Period == nil:
		return nil, validation("The parameters Namespace, MetricName and Period are required for an alarm on a single metric.")
	case (in.Statistic == nil) == (in.ExtendedStatistic == nil):
		return nil, validation("Exactly one of the parameters Statistic and ExtendedStatistic must be specified.")
	}
	q := metricDataQuery{Id: "m", MetricStat: &metricStat{
		Metric: metric{*in.Namespace, *in.MetricName, in.Dimensions}, Period: in.Period, Unit: in.Unit}}
	if in.Statistic != nil {
		if !slices.Contains(plainStatistics, *in.Statistic) {
			return nil, enumError(*in.Statistic, "statistic", plainStatistics...)
		}
		q.MetricStat.Stat = *in.Statistic
	} else {
		q.MetricStat.Stat = *in.ExtendedStatistic
	}
	return []metricDataQuery{q}, nil
}

// watchedLine is the only line with ReturnData.
func watchedLine(p *plan) (int, *apiError) {
	watched := -1
	for i := range p.lines {
		if p.lines[i].query.returned() {
			if watched >= 0 {
				return 0, validation("Exactly one element of the metrics list should return data.")
			}
			watched = i
		}
	}
	if watched < 0 {
		return 0, validation("Exactly one element of the metrics list should return data.")
	}
	return watched, nil
}

// complete fills in what CloudWatch describes although nobody asked for it.
func (a *alarm) complete() {
	enabled := true
	if a.ActionsEnabled == nil {
		a.ActionsEnabled = &enabled
	}
	for _, actions := range []*[]string{&a.OKActions, &a.AlarmActions, &a.InsufficientDataActions} {
		if *actions == nil {
			*actions = []string{}
		}
	}
	if a.Dimensions == nil {
		a.Dimensions = []Dimension{}
	}
	for i := range a.Metrics {
		q := &a.Metrics[i]
		if q.ReturnData == nil {
			q.ReturnData = &enabled
		}
		if q.MetricStat != nil && q.MetricStat.Metric.Dimensions == nil {
			q.MetricStat.Metric.Dimensions = []Dimension{}
		}
	}
}

// checkPeriods refuses the periods that alarms cannot have and lookbacks longer
// than CloudWatch's.
func (a *alarm) checkPeriods() *apiError {
	period := a.period()
	if period < 10 {
		return validation("The period of an alarm must be 10, 20, 30 or a multiple of 60.")
	}
	day := 86_400
	if period >= 3600 {
		day *= 7
	}
	if *a.EvaluationPeriods > day/period {
		return validation("Metrics cannot be checked across more than %d seconds: EvaluationPeriods times the period is more.", day)
	}
	return nil
}
