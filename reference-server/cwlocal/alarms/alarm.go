package alarms

import (
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
)

// Alarm is a rule and its present state.
type Alarm struct {
	Rule
	plan      *metricmath.Plan // one metric, or metric math
	watched   int              // the line of the plan that is compared with the threshold
	Updated   time.Time
	State     State
	Reasoned  time.Time // when state or reason last changed
	Turned    time.Time // when the state last changed
	Evaluated time.Time
}

type State struct {
	Value      string
	Reason     string
	ReasonData string // JSON, "" when there is none
}

func (a *Alarm) period() int { return a.plan.Lines[a.watched].Period }

// CountNeeded is M of "M out of N": how many breaching datapoints make an ALARM.
func (a *Alarm) CountNeeded() int {
	if a.DatapointsToAlarm != nil {
		return *a.DatapointsToAlarm
	}
	return *a.EvaluationPeriods
}

func (a *Alarm) missingPolicy() string {
	if a.TreatMissingData != nil {
		return *a.TreatMissingData
	}
	return Missing
}

// statisticName is how the alarm's statistic is called, "" for metric math.
func (a *Alarm) statisticName() string {
	line := &a.plan.Lines[a.watched]
	return line.Statistic.Name
}

func (a *Alarm) breaches(value float64) bool {
	return comparisons[*a.ComparisonOperator].holds(value, *a.Threshold)
}
