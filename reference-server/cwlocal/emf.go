package cwlocal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// Bounds on a line in the embedded metric format, as CloudWatch has them.
const (
	maxEMFLine    = 1 << 20
	maxEMFMetrics = 100
	maxEMFValues  = 100
)

// EMF returns a writer of lines in the embedded metric format, as CloudWatch's
// agent and Lambda's log do: whole lines; those that are no metrics are passed over. A line that claims to hold metrics
// and cannot be read is an
// error of the Write.
//
// Source: CloudWatch user guide, "Specification: Embedded metric format".
func (s *Server) EMF() io.Writer { return emfWriter{s} }

type emfWriter struct{ server *Server }

func (w emfWriter) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		data, err := readEMF(line)
		if err != nil {
			return 0, err
		}
		for _, one := range data {
			if err := w.server.Preload(one.Namespace, one.Data); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// embedded are the data of one directive of a line.
type embedded struct {
	Namespace string
	Data      []metricdata.Datum
}

// readEMF reads a line in the embedded metric format; nil for a line that holds
// no metrics. Each set of dimensions of a directive makes metrics of its own, the
// empty set one without dimensions.
func readEMF(line []byte) ([]embedded, error) {
	if len(line) > maxEMFLine {
		return nil, fmt.Errorf("reading embedded metrics: the line is longer than %d bytes", maxEMFLine)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil || members["_aws"] == nil {
		return nil, nil
	}
	var about struct {
		Timestamp         *int64
		CloudWatchMetrics []emfDirective
	}
	if err := json.Unmarshal(members["_aws"], &about); err != nil {
		return nil, fmt.Errorf("reading embedded metrics: _aws: %w", err)
	}
	if about.Timestamp == nil {
		return nil, errors.New("reading embedded metrics: _aws has no Timestamp")
	}
	at := time.UnixMilli(*about.Timestamp).UTC()
	var all []embedded
	for _, d := range about.CloudWatchMetrics {
		data, err := d.data(members, at)
		if err != nil {
			return nil, fmt.Errorf("reading embedded metrics: %w", err)
		}
		all = append(all, embedded{d.Namespace, data})
	}
	return all, nil
}

type emfDirective struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []emfMetric
}

type emfMetric struct {
	Name, Unit        string
	StorageResolution *int
}

func (d emfDirective) data(members map[string]json.RawMessage, at time.Time) ([]metricdata.Datum, error) {
	switch {
	case d.Namespace == "":
		return nil, errors.New("a directive has no Namespace")
	case len(d.Dimensions) == 0:
		return nil, errors.New("a directive has no Dimensions; [[]] is the set without any")
	case len(d.Metrics) > maxEMFMetrics || len(d.Dimensions) > maxEMFMetrics:
		return nil, fmt.Errorf("a directive has more than %d metrics or sets of dimensions", maxEMFMetrics)
	}
	var data []metricdata.Datum
	for _, names := range d.Dimensions {
		dimensions, err := parseDimensions(names, members)
		if err != nil {
			return nil, err
		}
		for _, m := range d.Metrics {
			values, err := parseValues(m.Name, members)
			if err != nil {
				return nil, err
			}
			stamp := at
			data = append(data, metricdata.Datum{MetricName: m.Name, Dimensions: dimensions, Timestamp: &stamp, Values: values,
				Unit:              m.Unit,
				StorageResolution: m.StorageResolution})
		}
	}
	return data, nil
}

func parseDimensions(names []string, members map[string]json.RawMessage) ([]metricdata.Dimension, error) {
	var all []metricdata.Dimension
	for _, name := range names {
		var value string
		if err := json.Unmarshal(members[name], &value); err != nil {
			return nil, fmt.Errorf("the dimension %.100q has no value that is a string", name)
		}
		all = append(all, metricdata.Dimension{Name: name, Value: value})
	}
	return all, nil
}

// parseValues returns the values of a member that is a number or a list of numbers.
func parseValues(name string, members map[string]json.RawMessage) ([]float64, error) {
	var values []float64
	var one float64
	raw := members[name]
	if json.Unmarshal(raw, &one) == nil && len(raw) > 0 && raw[0] != 'n' {
		values = []float64{one}
	} else if err := json.Unmarshal(raw, &values); err != nil || len(values) == 0 || len(values) > maxEMFValues {
		return nil, fmt.Errorf("the metric %.100q is neither a number nor a list of 1 to %d", name, maxEMFValues)
	}
	for _, v := range values {
		if math.Abs(v) > math.Pow(2, 360) {
			return nil, fmt.Errorf("the metric %.100q is out of range", name)
		}
	}
	return values, nil
}
