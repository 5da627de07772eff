package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
)

// Bounds on one answer.
const (
	callLimit = 30 * time.Second
	maxPages  = 200
	maxPoints = 1_000_000
	maxName   = 300
)

// errIncomplete is the cause of the error of a query that CloudWatch has not answered wholly.
var errIncomplete = errors.New("CloudWatch did not call its answer complete")

// query is one statistic of one metric.
type query struct {
	id     string
	metric telemetry.Identity
	stat   string
}

// point is the value of a period, stamped at its start.
type point struct {
	at    time.Time
	value float64
}

// fetch asks for statistics over a window and returns the points of each query,
// the oldest first. The window's start must suit the period.
func (c *Client) fetch(ctx context.Context, w telemetry.Window, period time.Duration, queries []query) (map[string][]point, error) {
	in := &sdk.GetMetricDataInput{StartTime: aws.Time(w.Start), EndTime: aws.Time(w.End), ScanBy: types.ScanByTimestampAscending}
	for _, q := range queries {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{Id: aws.String(q.id), MetricStat: &types.MetricStat{
			Metric: toSDKMetric(q.metric), Period: aws.Int32(int32(period / time.Second)), Stat: aws.String(q.stat)}})
	}
	answer := answer{points: map[string][]point{}, status: map[string]types.StatusCode{}}
	for range maxPages {
		out, err := c.getMetricData(ctx, in)
		if err != nil {
			return nil, err
		}
		if err := answer.add(out.MetricDataResults); err != nil {
			return nil, err
		}
		if aws.ToString(out.NextToken) == "" {
			return answer.points, answer.complete(queries)
		}
		in.NextToken = out.NextToken
	}
	return nil, fmt.Errorf("asking CloudWatch for GetMetricData: more than %d pages", maxPages)
}

func (c *Client) getMetricData(ctx context.Context, in *sdk.GetMetricDataInput) (*sdk.GetMetricDataOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	out, err := c.api.GetMetricData(ctx, in)
	return out, c.explain("GetMetricData", err)
}

// answer gathers the pages of one request.
type answer struct {
	points map[string][]point
	status map[string]types.StatusCode // of the last page that had the query
	total  int
}

func (a *answer) add(results []types.MetricDataResult) error {
	for _, r := range results {
		id := aws.ToString(r.Id)
		a.status[id] = r.StatusCode
		if a.total += len(r.Values); a.total > maxPoints || len(r.Values) != len(r.Timestamps) {
			return fmt.Errorf("asking CloudWatch for GetMetricData: the answer makes no sense: %d values with %d times", len(r.Values),
				len(r.Timestamps))
		}
		for i, v := range r.Values {
			a.points[id] = append(a.points[id], point{r.Timestamps[i].UTC(), v})
		}
	}
	return nil
}

// complete returns errIncomplete unless every query was answered wholly: half of
// the data looks like a server that lost the other half.
func (a *answer) complete(queries []query) error {
	for _, q := range queries {
		switch status := a.status[q.id]; status {
		case types.StatusCodeComplete:
		case types.StatusCodeForbidden:
			return &exit.Problem{Doing: "asking CloudWatch for " + q.metric.String(), Cause: errors.New("it says Forbidden"),
				Next: "allow cloudwatch:GetMetricData (docs/cloudwatch.md has the policy)"}
		default:
			return &exit.Problem{Doing: "asking CloudWatch for " + q.metric.String(),
				Cause: fmt.Errorf("%w (%q)", errIncomplete, awsapi.Clip(string(status), 30)),
				Next:  "it is busy, or its data is still on the way: pull again in a minute with `occbench pull RUN`"}
		}
	}
	return nil
}

func toSDKMetric(m telemetry.Identity) *types.Metric {
	return &types.Metric{Namespace: aws.String(m.Namespace), MetricName: aws.String(m.Name), Dimensions: sdkDimensions(m.Dimensions)}
}

// toIdentity returns a metric of the SDK, the inverse of sdkMetric. Names that others chose are
// cut short.
func toIdentity(namespace, name *string, dimensions []types.Dimension) telemetry.Identity {
	m := telemetry.Identity{Namespace: awsapi.Clip(aws.ToString(namespace), maxName), Name: awsapi.Clip(aws.ToString(name), maxName)}
	for _, d := range dimensions {
		m.Dimensions = append(m.Dimensions, telemetry.Dimension{Name: awsapi.Clip(aws.ToString(d.Name), maxName),
			Value: awsapi.Clip(aws.ToString(d.Value), maxName)})
	}
	return m
}

// sumWithin returns the sum of the points within a window.
func sumWithin(points []point, w telemetry.Window) (int, error) {
	total := 0.0
	for _, p := range points {
		if !p.at.Before(w.Start) && p.at.Before(w.End) {
			total += p.value
		}
	}
	return toCount(total)
}

// toCount returns a floating-point number of CloudWatch as a count, or an error where it is none.
func toCount(v float64) (int, error) {
	if !(v >= 0 && v < 1<<53) {
		return 0, fmt.Errorf("reading CloudWatch's answer: %v is not a count", v)
	}
	return int(math.Round(v)), nil
}

// ListPublished lists the metrics of a namespace.
func (c *Client) ListPublished(ctx context.Context, namespace string) ([]telemetry.Identity, error) {
	return c.list(ctx, &sdk.ListMetricsInput{Namespace: aws.String(namespace)})
}

// ListPublishedFor lists the metrics of a namespace, and those of other namespaces
// that rules name: AWS/Lambda as a whole may be a hundred pages.
func (c *Client) ListPublishedFor(ctx context.Context, namespace string, rules []telemetry.Rule) ([]telemetry.Identity, error) {
	all, err := c.ListPublished(ctx, namespace)
	asked := map[[2]string]bool{}
	for _, r := range rules {
		for _, m := range r.Metrics() {
			key := [2]string{m.Namespace, m.Name}
			if err != nil || m.Namespace == namespace || asked[key] {
				continue
			}
			asked[key] = true
			var more []telemetry.Identity
			more, err = c.list(ctx, &sdk.ListMetricsInput{Namespace: aws.String(m.Namespace), MetricName: aws.String(m.Name)})
			all = append(all, more...)
		}
	}
	return all, err
}

func (c *Client) list(ctx context.Context, in *sdk.ListMetricsInput) ([]telemetry.Identity, error) {
	var all []telemetry.Identity
	for range maxPages {
		out, err := c.listMetrics(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, m := range out.Metrics {
			all = append(all, toIdentity(m.Namespace, m.MetricName, m.Dimensions))
		}
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
	return nil, fmt.Errorf("asking CloudWatch for ListMetrics: more than %d pages in %s", maxPages, aws.ToString(in.Namespace))
}

func (c *Client) listMetrics(ctx context.Context, in *sdk.ListMetricsInput) (*sdk.ListMetricsOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	out, err := c.api.ListMetrics(ctx, in)
	return out, c.explain("ListMetrics", err)
}
