package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/telemetry"
)

// longSeries is how long a run may be to be drawn by ten seconds.
const longSeries = 15 * time.Minute

// fetchPicture fetches what is shown beside the counts: percentiles over the whole
// run, the run over time, the function, and where data is when there is none.
func (p *puller) fetchPicture(ctx context.Context) error {
	if p.report.Server.Attempts == 0 {
		p.report.Hint = p.findNamespace(ctx)
		return p.fetchLambda(ctx)
	}
	if err := p.fetchPercentiles(ctx); err != nil {
		return err
	}
	if err := p.fetchSeries(ctx); err != nil {
		return err
	}
	return p.fetchLambda(ctx)
}

// fetch asks once more when CloudWatch was not ready to answer: the counts are
// known by now, and half of a picture is none.
func (p *puller) fetch(ctx context.Context, w telemetry.Window, period time.Duration, queries []query) (map[string][]point, error) {
	points, err := p.Client.fetch(ctx, w, period, queries)
	for tries := 0; isTransient(err) && tries < 4; tries++ {
		if waited := p.Wait(ctx, time.Second<<tries); waited != nil {
			return nil, errors.Join(err, waited)
		}
		points, err = p.Client.fetch(ctx, w, period, queries)
	}
	return points, err
}

// findNamespace says where the metrics may be instead. That the caller may not list them changes
// nothing about there being none.
func (p *puller) findNamespace(ctx context.Context) string {
	m := p.Source.Metric(telemetry.Latency)
	published, err := p.Client.ListPublished(ctx, p.Source.Namespace)
	switch {
	case err != nil:
		return "where they are instead is not known: " + err.Error()
	case m.IsAmong(published):
		return fmt.Sprintf("%s is published, but not during the run: check that the target emits and that both clocks agree", m)
	}
	words := telemetry.Rule{Lines: []telemetry.Line{{Metric: m}}}.ExplainBlind(published)
	if len(published) > 0 {
		words += "; check --stage, --namespace and --aws-region"
	}
	return words
}

// fetchPercentiles fetches percentiles from one bucket: those of single minutes cannot be
// merged.
func (p *puller) fetchPercentiles(ctx context.Context) error {
	period := p.report.Window.Period()
	if period > 24*time.Hour {
		return nil // longer than CloudWatch's longest period
	}
	w := p.report.Window.Widen(time.Minute)
	m := p.Source.Metric(telemetry.Latency)
	points, err := p.fetch(ctx, w, period, []query{
		{"n", m, "SampleCount"}, {"p50", m, "p50"}, {"p95", m, "p95"}, {"p99", m, "p99"}, {"max", m, "Maximum"},
	})
	if err != nil || len(points["n"]) != 1 || singleValue(points["p95"]) == nil {
		return err // a percentile of a part would pass for that of the whole
	}
	samples, err := sumWithin(points["n"], w)
	p.report.Percentiles = &telemetry.Percentiles{Samples: samples, P50MS: lastValue(points["p50"]), P95MS: lastValue(points["p95"]),
		P99MS: lastValue(points["p99"]), MaxMS: lastValue(points["max"])}
	return err
}

// lastValue returns the value of the last point; 0 without points.
func lastValue(points []point) float64 {
	if len(points) == 0 {
		return 0
	}
	return points[len(points)-1].value
}

// fetchSeries fetches the run over time, by ten seconds where the data is that fine.
func (p *puller) fetchSeries(ctx context.Context) error {
	period := time.Minute
	if p.report.GrainS == 1 && p.report.Window.End.Sub(p.report.Window.Start) <= longSeries {
		period = 10 * time.Second
	}
	w := p.report.Window.Widen(period)
	points, err := p.fetch(ctx, w, period, []query{
		{"attempts", p.Source.Metric(telemetry.Latency), "SampleCount"},
		{"conflicts", p.Source.Metric(telemetry.Conflicts), "Sum"},
		{"p95", p.Source.Metric(telemetry.Latency), "p95"},
	})
	if err != nil {
		return err
	}
	p.report.PeriodS = int(period / time.Second)
	p.report.Points, err = mergePoints(points)
	return err
}

// mergePoints returns the points of the three queries by period; a period without attempts has
// none.
func mergePoints(by map[string][]point) ([]telemetry.Point, error) {
	conflicts, p95 := indexByTime(by["conflicts"]), indexByTime(by["p95"])
	out := []telemetry.Point{}
	for _, a := range by["attempts"] {
		n, err := toCount(a.value)
		c, cErr := toCount(conflicts[a.at])
		if err := errors.Join(err, cErr); err != nil {
			return nil, err
		}
		one := telemetry.Point{At: a.at, Attempts: n, Conflicts: c}
		if v, ok := p95[a.at]; ok {
			one.P95MS = &v
		}
		out = append(out, one)
	}
	return out, nil
}

func indexByTime(points []point) map[time.Time]float64 {
	m := map[time.Time]float64{}
	for _, p := range points {
		m[p.at] = p.value
	}
	return m
}

// fetchLambda fetches what AWS says of the function. It stores that by the minute.
func (p *puller) fetchLambda(ctx context.Context) error {
	if p.Source.Function == "" {
		return nil
	}
	period := min(p.report.Window.Period(), 24*time.Hour)
	points, err := p.fetch(ctx, p.report.Window.Widen(time.Minute), period, []query{
		{"invocations", p.Source.Lambda("Invocations"), "Sum"}, {"errors", p.Source.Lambda("Errors"), "Sum"},
		{"throttles", p.Source.Lambda("Throttles"), "Sum"}, {"duration", p.Source.Lambda("Duration"), "p95"},
		{"concurrency", p.Source.Lambda("ConcurrentExecutions"), "Maximum"},
	})
	if err != nil {
		return err
	}
	p.report.Lambda = &telemetry.Lambda{
		Invocations: sumValues(points["invocations"]), Errors: sumValues(points["errors"]), Throttles: sumValues(points["throttles"]),
		DurationP95MS: singleValue(points["duration"]), Concurrency: maxValue(points["concurrency"]),
	}
	return nil
}

// sumValues returns the sum of all values; nil without points.
func sumValues(points []point) *float64 {
	if len(points) == 0 {
		return nil
	}
	sum := 0.0
	for _, p := range points {
		sum += p.value
	}
	return &sum
}

// maxValue returns the largest value; nil without points.
func maxValue(points []point) *float64 {
	if len(points) == 0 {
		return nil
	}
	largest := slices.MaxFunc(points, func(a, b point) int { return cmp.Compare(a.value, b.value) })
	return &largest.value
}

// singleValue returns the value of the only point; nil where there are none or several:
// percentiles of several cannot be joined.
func singleValue(points []point) *float64 {
	if len(points) != 1 {
		return nil
	}
	return &points[0].value
}
