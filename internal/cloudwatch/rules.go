package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/telemetry"
)

// ListRules lists the alarms that read a metric of a namespace or bear one of the
// names: an alarm on the wrong namespace is found by its name alone.
func (c *Client) ListRules(ctx context.Context, namespace string, names ...string) ([]telemetry.Rule, error) {
	all, err := c.describeAll(ctx)
	if err != nil {
		return nil, err
	}
	var found []telemetry.Rule
	for _, a := range all {
		r := toRule(a)
		if r.Watches(namespace) || slices.Contains(names, r.Name) {
			found = append(found, r)
		}
	}
	return found, nil
}

// rules are those that may fire for a run: watchers of the namespace and the
// declared ones.
func (c *Client) rules(ctx context.Context, namespace string) ([]telemetry.Rule, error) {
	return c.ListRules(ctx, namespace, telemetry.HighConflictRate, telemetry.HighConflictRatio, telemetry.HighLatency)
}

func (c *Client) describeAll(ctx context.Context) ([]types.MetricAlarm, error) {
	in := &sdk.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}}
	var all []types.MetricAlarm
	for range maxPages {
		out, err := c.describe(ctx, in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.MetricAlarms...)
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
	return nil, fmt.Errorf("asking CloudWatch for DescribeAlarms: more than %d pages", maxPages)
}

func (c *Client) describe(ctx context.Context, in *sdk.DescribeAlarmsInput) (*sdk.DescribeAlarmsOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	out, err := c.api.DescribeAlarms(ctx, in)
	return out, c.explain("DescribeAlarms", err)
}

// toRule reads an alarm as CloudWatch describes it, with what it fills in.
func toRule(a types.MetricAlarm) telemetry.Rule {
	r := telemetry.Rule{
		Name: awsapi.Clip(aws.ToString(a.AlarmName), maxName), Description: awsapi.Clip(aws.ToString(a.AlarmDescription), 1024),
		Period: time.Duration(aws.ToInt32(a.Period)) * time.Second, Periods: int(aws.ToInt32(a.EvaluationPeriods)),
		ToAlarm:    int(aws.ToInt32(a.DatapointsToAlarm)),
		Comparison: string(a.ComparisonOperator), Threshold: aws.ToFloat64(a.Threshold), Missing: aws.ToString(a.TreatMissingData),
		Enabled: a.ActionsEnabled == nil || *a.ActionsEnabled, Actions: a.AlarmActions, OKActions: a.OKActions,
		LostActions: a.InsufficientDataActions,
		State:       string(a.StateValue), StateChanged: stateChangedAt(a),
	}
	if r.ToAlarm == 0 {
		r.ToAlarm = r.Periods
	}
	if r.Missing == "" {
		r.Missing = "missing"
	}
	if a.MetricName != nil {
		r.Lines = []telemetry.Line{{Metric: toIdentity(a.Namespace, a.MetricName, a.Dimensions), Stat: statisticName(a),
			Unit: string(a.Unit), Watched: true}}
	}
	for _, q := range a.Metrics {
		line, period := toLine(q)
		r.Lines, r.Period = append(r.Lines, line), max(r.Period, period)
	}
	r.Unsupported = findUnsupported(a)
	return r
}

// statisticName returns the name of an alarm's statistic, from whichever of the two fields holds
// it.
func statisticName(a types.MetricAlarm) string {
	if a.Statistic != "" {
		return string(a.Statistic)
	}
	return aws.ToString(a.ExtendedStatistic)
}

// toLine reads a line of metric math, and its period.
func toLine(q types.MetricDataQuery) (telemetry.Line, time.Duration) {
	var period time.Duration
	line := telemetry.Line{ID: aws.ToString(q.Id), Expression: awsapi.Clip(aws.ToString(q.Expression), 2048),
		Label:   awsapi.Clip(aws.ToString(q.Label), maxName),
		Watched: q.ReturnData == nil || *q.ReturnData}
	if s := q.MetricStat; s != nil {
		line.Stat, line.Unit = aws.ToString(s.Stat), string(s.Unit)
		if s.Metric != nil {
			line.Metric = toIdentity(s.Metric.Namespace, s.Metric.MetricName, s.Metric.Dimensions)
		}
		period = time.Duration(aws.ToInt32(s.Period)) * time.Second
	}
	return line, period
}

// stateChangedAt returns when an alarm came into its present state. The time of the last update
// also moves when the reason changes.
func stateChangedAt(a types.MetricAlarm) time.Time {
	if a.StateTransitionedTimestamp != nil {
		return a.StateTransitionedTimestamp.UTC()
	}
	return aws.ToTime(a.StateUpdatedTimestamp).UTC()
}

// findUnsupported returns a property of an alarm that telemetry.Rule cannot hold; "" where there
// is none.
func findUnsupported(a types.MetricAlarm) string {
	switch {
	case a.ThresholdMetricId != nil:
		return "an anomaly band as the threshold"
	case a.EvaluationCriteria != nil:
		return "evaluation criteria"
	case a.EvaluationWindow != nil:
		return "an evaluation window"
	case aws.ToString(a.EvaluateLowSampleCountPercentile) == "ignore":
		return "low sample counts ignored"
	}
	for _, q := range a.Metrics {
		if aws.ToString(q.AccountId) != "" {
			return "a metric of another account"
		}
	}
	return ""
}
