package refserver

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// latencyBuckets are the upper bounds of the histogram, in seconds. They are
// dense around the 400 ms that the gate asks for.
var latencyBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .2, .3, .4, .5, 1, 2.5, 5, 10}

// startMetrics puts the observers in place and returns the handler that Prometheus reads. The
// registry is the server's own: the default one is shared with every library
// that is linked in.
func (a *api) startMetrics() (http.Handler, error) {
	latency := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "move_latency_seconds", Help: "Time from the arrival of an attempt to its answer.", Buckets: latencyBuckets,
	})
	a.attempts.observers = append(a.attempts.observers, func(one Attempt) { latency.Observe(one.Latency.Seconds()) })
	if a.opts.Observe != nil {
		a.attempts.observers = append(a.attempts.observers, a.opts.Observe)
	}
	registry := prometheus.NewRegistry()
	err := errors.Join(registry.Register(latency), registry.Register(attemptsCollector{&a.attempts}), registry.Register(a.clientMS),
		registry.Register(collectors.NewGoCollector()),
		registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})))
	if err != nil {
		return nil, fmt.Errorf("making a reference server: %w", err)
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), nil
}

var attemptsDesc = prometheus.NewDesc("move_attempts_total",
	"Attempts by HTTP status of the answer; 409 and 412 are conflicts, none an attempt without an answer.", []string{"status"}, nil)

// attemptsCollector reads the server's own counts, so that both are always the
// same and an attempt is counted once.
type attemptsCollector struct{ attempts *counter }

// Describe implements prometheus.Collector.
func (c attemptsCollector) Describe(out chan<- *prometheus.Desc) { out <- attemptsDesc }

// Collect implements prometheus.Collector.
func (c attemptsCollector) Collect(out chan<- prometheus.Metric) {
	for status, n := range c.attempts.readCounts() {
		label := strconv.Itoa(status)
		if status == 0 {
			label = "none"
		}
		out <- prometheus.MustNewConstMetric(attemptsDesc, prometheus.CounterValue, float64(n), label)
	}
}
