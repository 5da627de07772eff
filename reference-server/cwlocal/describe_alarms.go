package cwlocal

import (
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

type describeAlarmsInput struct {
	AlarmNames      []string
	AlarmNamePrefix string
	AlarmTypes      []string // MetricAlarm by default; there are none of another type
	StateValue      string
	ActionPrefix    string
	MaxRecords      *int
	NextToken       string
}

type describeAlarmsOutput struct {
	MetricAlarms    []metricAlarm
	CompositeAlarms []metricAlarm // always empty
	LogAlarms       []metricAlarm // always empty
	NextToken       *string
}

// metricAlarm is an alarm as it is described.
type metricAlarm struct {
	AlarmName                          string
	AlarmArn                           string
	AlarmDescription                   *string
	AlarmConfigurationUpdatedTimestamp time.Time
	ActionsEnabled                     *bool
	OKActions                          []string
	AlarmActions                       []string
	InsufficientDataActions            []string
	StateValue                         string
	StateReason                        string
	StateReasonData                    *string
	StateUpdatedTimestamp              time.Time
	StateTransitionedTimestamp         time.Time
	MetricName                         *string
	Namespace                          *string
	Statistic                          *string
	ExtendedStatistic                  *string
	Dimensions                         []metricdata.Dimension
	Period                             *int
	Unit                               *string
	EvaluationPeriods                  *int
	DatapointsToAlarm                  *int
	Threshold                          *float64
	ComparisonOperator                 *string
	TreatMissingData                   *string
	EvaluateLowSampleCountPercentile   *string
	Metrics                            []metricmath.Query
}

func (s *state) describeAlarms(_ time.Time, in *describeAlarmsInput) (*describeAlarmsOutput, *protocol.Error) {
	page, err := choosePageSize(in.MaxRecords, 50)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	request := *in
	request.NextToken = ""
	position, err := protocol.ResumePage(request, in.NextToken, 1)
	if err != nil {
		return nil, err
	}
	if position == nil {
		position = []int64{0}
	}
	found := s.findAlarms(in)
	found = found[min(int(position[0]), len(found)):]
	out := &describeAlarmsOutput{MetricAlarms: []metricAlarm{}, CompositeAlarms: []metricAlarm{}, LogAlarms: []metricAlarm{}}
	if page = s.opts.Faults.pageSize(page); len(found) > page {
		found = found[:page]
		out.NextToken = protocol.NewPageToken(request, position[0]+int64(page))
	}
	for _, a := range found {
		out.MetricAlarms = append(out.MetricAlarms, describeAlarm(a, &s.opts))
	}
	return out, nil
}

// choosePageSize returns the page size that the client asked for.
func choosePageSize(asked *int, otherwise int) (int, *protocol.Error) {
	if asked == nil {
		return otherwise, nil
	}
	if *asked < 1 || *asked > 100 {
		return 0, protocol.ValidationError("The parameter MaxRecords must be between 1 and 100.")
	}
	return *asked, nil
}

var alarmTypes = []string{"MetricAlarm", "CompositeAlarm", "LogAlarm"}

func (in *describeAlarmsInput) check() *protocol.Error {
	for _, t := range in.AlarmTypes {
		if !slices.Contains(alarmTypes, t) {
			return protocol.NewEnumError(t, "alarmTypes", alarmTypes...)
		}
	}
	switch {
	case len(in.AlarmNames) > 100:
		return protocol.ValidationError("The collection AlarmNames must not have a size greater than 100.")
	case len(in.AlarmNames) > 0 && in.AlarmNamePrefix != "":
		return protocol.ValidationError("The parameters AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.")
	case in.StateValue != "" && !slices.Contains(alarms.States, in.StateValue):
		return protocol.NewEnumError(in.StateValue, "stateValue", alarms.States...)
	}
	return nil
}

func (s *state) findAlarms(in *describeAlarmsInput) []*alarms.Alarm {
	var found []*alarms.Alarm
	for _, a := range s.alarms.Sorted() {
		if in.matches(a) {
			found = append(found, a)
		}
	}
	return found
}

func (in *describeAlarmsInput) matches(a *alarms.Alarm) bool {
	hasAction := func(arn string) bool { return strings.HasPrefix(arn, in.ActionPrefix) }
	return (len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, a.AlarmName)) &&
		strings.HasPrefix(a.AlarmName, in.AlarmNamePrefix) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, "MetricAlarm")) &&
		(in.StateValue == "" || in.StateValue == a.State.Value) &&
		(in.ActionPrefix == "" || slices.ContainsFunc(
			slices.Concat(a.OKActions, a.AlarmActions, a.InsufficientDataActions), hasAction))
}

// describeAlarm returns the alarm as DescribeAlarms shows it.
func describeAlarm(a *alarms.Alarm, o *Options) metricAlarm {
	d := metricAlarm{
		AlarmName: a.AlarmName, AlarmArn: o.alarmARN(a.AlarmName), AlarmDescription: a.AlarmDescription,
		AlarmConfigurationUpdatedTimestamp: a.Updated, ActionsEnabled: a.ActionsEnabled, OKActions: a.OKActions,
		AlarmActions: a.AlarmActions, InsufficientDataActions: a.InsufficientDataActions, StateValue: a.State.Value,
		StateReason: a.State.Reason, StateUpdatedTimestamp: a.Reasoned, StateTransitionedTimestamp: a.Turned,
		MetricName: a.MetricName, Namespace: a.Namespace, Statistic: a.Statistic, ExtendedStatistic: a.ExtendedStatistic,
		Dimensions: a.Dimensions, Period: a.Period, Unit: a.Unit, EvaluationPeriods: a.EvaluationPeriods,
		DatapointsToAlarm: a.DatapointsToAlarm, Threshold: a.Threshold, ComparisonOperator: a.ComparisonOperator,
		TreatMissingData: a.TreatMissingData, EvaluateLowSampleCountPercentile: a.EvaluateLowSampleCountPercentile,
		Metrics: a.Metrics,
	}
	if a.State.ReasonData != "" {
		d.StateReasonData = &a.State.ReasonData
	}
	return d
}
