package occ

import (
	"errors"

	"go.k6.io/k6/v2/metrics"
)

// occMetrics are the metrics of the extension. They show the measured part of a
// run: what was sent in the warm-up is recorded in the history and nowhere
// else. Record ids are in none of their tags; each would be a series of its own.
type occMetrics struct {
	attempts        *metrics.Metric // tagged with their outcome
	conflictRate    *metrics.Metric // of the attempts that were applied or lost: those that lost
	errorRate       *metrics.Metric // of all attempts: those that did neither
	attemptDuration *metrics.Metric // ms, tagged with the outcome
	readDuration    *metrics.Metric // ms; of lists, or of single records where no list shows tokens
	recovered       *metrics.Metric // of the turns that lost: those whose wish was fulfilled
}

func registerMetrics(registry *metrics.Registry) (*occMetrics, error) {
	var errs []error
	add := func(name string, kind metrics.MetricType, contains ...metrics.ValueType) *metrics.Metric {
		m, err := registry.NewMetric(name, kind, contains...)
		errs = append(errs, err)
		return m
	}
	m := &occMetrics{
		attempts:        add("occ_attempts", metrics.Counter),
		conflictRate:    add("occ_conflict_rate", metrics.Rate),
		errorRate:       add("occ_error_rate", metrics.Rate),
		attemptDuration: add("occ_attempt_duration", metrics.Trend, metrics.Time),
		readDuration:    add("occ_read_duration", metrics.Trend, metrics.Time),
		recovered:       add("occ_recovered", metrics.Rate),
	}
	return m, errors.Join(errs...)
}
