package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"github.com/occbench/occbench/internal/telemetry"
)

// Limits of one PutMetricData. A datum of 150 values is about 3 kB, and a
// request holds 1 MB.
const (
	maxValues = 150
	maxData   = 250
)

// PutMetricData publishes to CloudWatch, by the second (high resolution): the
// bucket of a minute would mix the run with what came before it.
type PutMetricData struct {
	Client *Client
	Source telemetry.Source
}

// Publish implements Publisher. Batches of seconds are sent one after the other;
// an error after the first of them is never ErrNotSent.
func (p PutMetricData) Publish(ctx context.Context, seconds []Second) error {
	data := p.data(seconds)
	for sent := 0; len(data) > 0; sent++ {
		n := min(len(data), maxData)
		_, err := p.Client.api.PutMetricData(ctx, &sdk.PutMetricDataInput{Namespace: aws.String(p.Source.Namespace), MetricData: data[:n]}, once)
		if err != nil {
			explained := p.Client.explain("PutMetricData", err)
			if sent == 0 && untouched(err) {
				return fmt.Errorf("%w: %w", ErrNotSent, explained)
			}
			return explained
		}
		data = data[n:]
	}
	return nil
}

// once leaves the decision to send again to the emitter: the SDK would also
// repeat a request whose answer got lost, and count its attempts twice.
func once(o *sdk.Options) { o.Retryer = aws.NopRetryer{} }

// untouched reports whether a request was refused before anything of it was
// stored.
func untouched(err error) bool {
	var api smithy.APIError
	if errors.As(err, &api) {
		return throttled(api.ErrorCode())
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

func (p PutMetricData) data(seconds []Second) []types.MetricDatum {
	var data []types.MetricDatum
	dimensions := sdkDimensions(p.Source.Metric(telemetry.Latency).Dimensions)
	for i := range seconds {
		s := &seconds[i]
		datum := types.MetricDatum{Dimensions: dimensions, Timestamp: aws.Time(time.Unix(s.At, 0)), StorageResolution: aws.Int32(1)}
		data = append(data, s.conflictDatum(datum))
		data = append(data, s.latencyData(datum)...)
	}
	return data
}

func (s *Second) conflictDatum(d types.MetricDatum) types.MetricDatum {
	d.MetricName, d.Unit = aws.String(telemetry.Conflicts), types.StandardUnitCount
	for value, n := range []int{s.Attempts - s.Conflicts, s.Conflicts} {
		if n > 0 {
			d.Values, d.Counts = append(d.Values, float64(value)), append(d.Counts, float64(n))
		}
	}
	return d
}

func (s *Second) latencyData(d types.MetricDatum) []types.MetricDatum {
	var data []types.MetricDatum
	for i, b := range s.Latencies {
		if i%maxValues == 0 {
			next := d
			next.MetricName, next.Unit = aws.String(telemetry.Latency), types.StandardUnitMilliseconds
			data = append(data, next)
		}
		last := &data[len(data)-1]
		last.Values, last.Counts = append(last.Values, b.MS), append(last.Counts, float64(b.Count))
	}
	return data
}

func sdkDimensions(set telemetry.Dimensions) []types.Dimension {
	out := []types.Dimension{}
	for _, d := range set {
		out = append(out, types.Dimension{Name: aws.String(d.Name), Value: aws.String(d.Value)})
	}
	return out
}

// String names where metrics go.
func (p PutMetricData) String() string {
	return fmt.Sprintf("%s in %s", p.Source.Namespace, p.Client.Region())
}
