package cwlocal

import "time"

// The states of an alarm.
const (
	stateOK           = "OK"
	stateAlarm        = "ALARM"
	stateInsufficient = "INSUFFICIENT_DATA"
)

// alarm is what was asked for and how it stands.
type alarm struct {
	putMetricAlarmInput
	plan      *plan // one metric, or metric math
	watched   int   // the line of the plan that is compared with the threshold
	updated   time.Time
	state     state
	reasoned  time.Time // when state or reason last changed
	turned    time.Time // when the state last changed
	evaluated time.Time
}

type state struct {
	value      string
	reason     string
	reasonData string // JSON, "" when there is none
}

func (a *alarm) period() int { return a.plan.lines[a.watched].period }

// needed is M of "M out of N": how many breaching datapoints make an ALARM.
func (a *alarm) needed() int {
	if a.DatapointsToAlarm != nil {
		return *a.DatapointsToAlarm
	}
	return *a.EvaluationPeriods
}

func (a *alarm) missingPolicy() string {
	if a.TreatMissingData != nil {
		return *a.TreatMissingData
	}
	return missing
}

// statisticName is how the alarm's statistic is called, "" for metric math.
func (a *alarm) statisticName() string {
	line := &a.plan.lines[a.watched]
	return line.statistic.name
}

// comparison is a ComparisonOperator.
type comparison struct {
	holds func(value, threshold float64) bool
	words string
}

var comparisons = map[string]comparison{
	"GreaterThanThreshold":          {func(v, t float64) bool { return v > t }, "greater than"},
	"GreaterThanOrEqualToThreshold": {func(v, t float64) bool { return v >= t }, "greater than or equal to"},
	"LessThanThreshold":             {func(v, t float64) bool { return v < t }, "less than"},
	"LessThanOrEqualToThreshold":    {func(v, t float64) bool { return v <= t }, "less than or equal to"},
}

func (a *alarm) breaches(value float64) bool {
	return comparisons[*a.ComparisonOperator].holds(value, *a.Threshold)
}
