package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/occbench/occbench/internal/awsapi"
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
// an error after the first of them is never errNotSent.
func (p PutMetricData) Publish(ctx context.Context, seconds []Second) error {
	data := p.data(seconds)
	for first := true; len(data) > 0; first = false {
		n := min(len(data), maxData)
		if fate, err := p.put(ctx, data[:n]); err != nil {
			if first && fate != nil {
				return fmt.Errorf("%w: %w", fate, err)
			}
			return err
		}
		data = data[n:]
	}
	return nil
}

// put sends one request. Beside an error, fate is what certainly became of the
// data, nil when that is not known.
func (p PutMetricData) put(ctx context.Context, data []types.MetricDatum) (fate, err error) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	_, err = p.Client.api.PutMetricData(ctx, &sdk.PutMetricDataInput{Namespace: aws.String(p.Source.Namespace), MetricData: data},
		disableRetries)
	if err == nil {
		return nil, nil
	}
	if !connected.Load() {
		return errNotSent, p.Client.explain("PutMetricData", err)
	}
	return classifyRefusal(err), p.Client.explain("PutMetricData", err)
}

// disableRetries makes the SDK send a request once and uncompressed. The emitter decides about
// repetitions: the SDK would also repeat a request whose answer was lost, and count its attempts
// twice. Compressing a batch would take more of the server's time than everything else.
func disableRetries(o *sdk.Options) {
	o.Retryer, o.DisableRequestCompression = aws.NopRetryer{}, true
}

// classifyRefusal returns errNotSent where CloudWatch refused data because there was too much of
// it, so that all of it may be sent again; errRefused for any other refusal; nil for an error that
// is no refusal.
func classifyRefusal(err error) error {
	var api smithy.APIError
	var answer *smithyhttp.ResponseError
	switch {
	case !errors.As(err, &api) || !errors.As(err, &answer):
		return nil
	case awsapi.IsThrottled(err):
		return errNotSent
	case answer.HTTPStatusCode()/100 == 4 && answer.HTTPStatusCode() != http.StatusRequestTimeout:
		return errRefused
	}
	return nil
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
