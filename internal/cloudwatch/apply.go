package cloudwatch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/internal/shell"
	"github.com/occbench/occbench/internal/telemetry"
)

// Apply creates the alarms, or changes those that exist. CloudWatch replaces an
// alarm as a whole, so whom an existing one calls is carried over; actions are
// called in addition.
func (c *Client) Apply(ctx context.Context, declared, existing []telemetry.Rule, actions []string) error {
	for _, r := range declared {
		in := newAlarmInput(MergeActions(r, existing, actions))
		if err := c.putAlarm(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) putAlarm(ctx context.Context, in *sdk.PutMetricAlarmInput) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	_, err := c.api.PutMetricAlarm(ctx, in)
	return c.explain("PutMetricAlarm", err)
}

// MergeActions returns a declared rule with the actions of the existing one of its
// name and those given.
func MergeActions(r telemetry.Rule, existing []telemetry.Rule, actions []string) telemetry.Rule {
	for _, old := range existing {
		if old.Name == r.Name {
			r.Actions, r.OKActions, r.LostActions = slices.Clone(old.Actions), old.OKActions, old.LostActions
		}
	}
	for _, a := range actions {
		if !slices.Contains(r.Actions, a) {
			r.Actions = append(r.Actions, a)
		}
	}
	return r
}

func newAlarmInput(r telemetry.Rule) *sdk.PutMetricAlarmInput {
	in := &sdk.PutMetricAlarmInput{
		AlarmName: aws.String(r.Name), AlarmDescription: aws.String(r.Description),
		EvaluationPeriods: aws.Int32(int32(r.Periods)), DatapointsToAlarm: aws.Int32(int32(r.ToAlarm)),
		ComparisonOperator: types.ComparisonOperator(r.Comparison), Threshold: aws.Float64(r.Threshold),
		TreatMissingData: aws.String(r.Missing),
		ActionsEnabled:   aws.Bool(r.Enabled), AlarmActions: r.Actions, OKActions: r.OKActions, InsufficientDataActions: r.LostActions,
	}
	if len(r.Lines) > 1 {
		for _, l := range r.Lines {
			in.Metrics = append(in.Metrics, newMathLine(l, r.Period))
		}
		return in
	}
	m := r.Lines[0].Metric
	in.Namespace, in.MetricName, in.Dimensions = aws.String(m.Namespace), aws.String(m.Name), sdkDimensions(m.Dimensions)
	in.Period = aws.Int32(int32(r.Period / time.Second))
	if isPercentile(r.Lines[0].Stat) {
		in.ExtendedStatistic = aws.String(r.Lines[0].Stat)
	} else {
		in.Statistic = types.Statistic(r.Lines[0].Stat)
	}
	return in
}

func isPercentile(stat string) bool { return strings.HasPrefix(stat, "p") }

func newMathLine(l telemetry.Line, period time.Duration) types.MetricDataQuery {
	q := types.MetricDataQuery{Id: aws.String(l.ID), ReturnData: aws.Bool(l.Watched)}
	if l.Label != "" {
		q.Label = aws.String(l.Label)
	}
	if l.Expression != "" {
		q.Expression = aws.String(l.Expression)
		return q
	}
	q.MetricStat = &types.MetricStat{Metric: toSDKMetric(l.Metric), Period: aws.Int32(int32(period / time.Second)),
		Stat: aws.String(l.Stat)}
	return q
}

// FormatCommand returns the command of `aws` that makes the same alarm.
func FormatCommand(r telemetry.Rule, region, endpoint string) string {
	args := []string{"aws", "cloudwatch", "put-metric-alarm", "--region", region}
	if endpoint != "" {
		args = append(args, "--endpoint-url", endpoint)
	}
	args = append(args, "--alarm-name", r.Name, "--alarm-description", r.Description)
	args = append(args, formatWatched(r)...)
	args = append(args, "--evaluation-periods", strconv.Itoa(r.Periods), "--datapoints-to-alarm", strconv.Itoa(r.ToAlarm),
		"--comparison-operator", r.Comparison, "--threshold", strconv.FormatFloat(r.Threshold, 'f', -1,
			64), "--treat-missing-data", r.Missing)
	if r.Enabled {
		args = append(args, "--actions-enabled")
	} else {
		args = append(args, "--no-actions-enabled")
	}
	for _, list := range []struct {
		flag    string
		actions []string
	}{{"--alarm-actions", r.Actions}, {"--ok-actions", r.OKActions}, {"--insufficient-data-actions", r.LostActions}} {
		if len(list.actions) > 0 {
			args = append(append(args, list.flag), list.actions...)
		}
	}
	for i, a := range args {
		args[i] = shell.QuoteIfNeeded(a)
	}
	return strings.Join(args, " ")
}
