package cloudwatch

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/internal/telemetry"
)

// CheckPermissions makes each call that a pull makes, for the last minute, and returns
// the first that fails. It writes nothing.
func (c *Client) CheckPermissions(ctx context.Context, source telemetry.Source, now time.Time) error {
	w := telemetry.Window{Start: now.Add(-time.Minute), End: now}.Widen(time.Minute)
	_, err := c.fetch(ctx, w, time.Minute, []query{{"attempts", source.Metric(telemetry.Latency), "SampleCount"}})
	if err == nil {
		_, err = c.listMetrics(ctx, &sdk.ListMetricsInput{Namespace: aws.String(source.Namespace)})
	}
	if err == nil {
		_, err = c.describe(ctx, &sdk.DescribeAlarmsInput{MaxRecords: aws.Int32(1)})
	}
	if err == nil {
		_, err = c.describeHistory(ctx, &sdk.DescribeAlarmHistoryInput{
			StartDate: aws.Time(w.Start), EndDate: aws.Time(w.End), HistoryItemType: types.HistoryItemTypeStateUpdate,
			MaxRecords: aws.Int32(1)})
	}
	return err
}
