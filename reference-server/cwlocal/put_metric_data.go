package cwlocal

import (
	"fmt"
	"math"
	"strings"
	"time"
)

type putMetricDataInput struct {
	Namespace  string
	MetricData []MetricDatum
}

// MetricDatum is what a client publishes: one Value, or Values with how often
// each was seen, or a StatisticSet.
type MetricDatum struct {
	MetricName        string
	Dimensions        []Dimension
	Timestamp         *time.Time // absent: the time of arrival
	Value             *float64
	Values            []float64
	Counts            []float64 // absent: 1 each
	StatisticValues   *StatisticSet
	Unit              string
	StorageResolution *int // 1 or 60 s; absent: 60
}

// StatisticSet is a summary of values that are not told one by one.
type StatisticSet struct {
	SampleCount, Sum, Minimum, Maximum float64
}

func (s *Server) putMetricData(now time.Time, in *putMetricDataInput) *apiError {
	switch {
	case in.Namespace == "":
		return missingParameter("The parameter Namespace is required.")
	case strings.HasPrefix(in.Namespace, "AWS/"):
		return invalidValue("The value %s for parameter Namespace is invalid: only AWS publishes there.", in.Namespace)
	case len(in.MetricData) == 0:
		return missingParameter("The parameter MetricData is required.")
	case len(in.MetricData) > 1000:
		return invalidValue("The collection MetricData must not have a size greater than 1000.")
	}
	return s.accept(now, in.Namespace, in.MetricData)
}

// accept stores all of the data or none of it.
func (s *Server) accept(now time.Time, namespace string, data []MetricDatum) *apiError {
	in := make([]arrival, len(data))
	for i := range data {
		a, err := data[i].arrival(now, namespace, fmt.Sprintf("MetricData.member.%d", i+1))
		if err != nil {
			return err
		}
		a.visible = now.Add(s.opts.Faults.IngestionDelay)
		in[i] = a
	}
	if !s.metrics.room(in) {
		return limitExceeded("This local CloudWatch stand-in holds %d MiB of data and has no room for more; "+
			"nothing of this request was stored.", s.opts.MaxMemory>>20)
	}
	for i := range in {
		to := s.metrics.open(in[i].metric)
		if to.data++; !due(to.data, s.opts.Faults.DropEvery) {
			s.metrics.arrive(in[i])
		}
	}
	s.metrics.reveal(now)
	return nil
}

func (d *MetricDatum) arrival(now time.Time, namespace, path string) (arrival, *apiError) {
	m := metric{namespace, d.MetricName, d.Dimensions}
	if d.MetricName == "" {
		return arrival{}, missingParameter("The parameter %s.MetricName is required.", path)
	}
	if err := m.check(path); err != nil {
		return arrival{}, err
	}
	if err := checkUnit(d.Unit, path+".Unit"); err != nil {
		return arrival{}, err
	}
	at, err := d.second(now, path)
	if err != nil {
		return arrival{}, err
	}
	values, err := d.sample(path)
	if err != nil {
		return arrival{}, err
	}
	unit := d.Unit
	if unit == "" {
		unit = "None"
	}
	return arrival{metric: m.canonical(), slot: slot{at: at, unit: unit, sample: values}}, nil
}

// second is when the datum is stored: to the second in high resolution, else to
// the minute.
func (d *MetricDatum) second(now time.Time, path string) (int64, *apiError) {
	at := now
	if d.Timestamp != nil {
		at = *d.Timestamp
	}
	if at.Before(now.Add(-14*24*time.Hour)) || at.After(now.Add(2*time.Hour)) {
		return 0, invalidValue("The parameter %s.Timestamp must be no more than two weeks in the past and two hours in the future.", path)
	}
	if d.StorageResolution == nil || *d.StorageResolution == 60 {
		return floor(at.Unix(), 60), nil
	}
	if *d.StorageResolution != 1 {
		return 0, invalidValue("The parameter %s.StorageResolution must be 1 or 60.", path)
	}
	return at.Unix(), nil
}

func (d *MetricDatum) sample(path string) (sample, *apiError) {
	if err := d.checkForm(path); err != nil {
		return sample{}, err
	}
	switch {
	case d.Value != nil:
		return checked(sampleOf([]weighted{{*d.Value, 1}}), path)
	case len(d.Values) > 0:
		return d.sampleOfValues(path)
	}
	set := d.StatisticValues
	if !(set.SampleCount > 0) || !(set.Minimum <= set.Maximum) {
		return sample{}, invalidValue("The parameter %s.StatisticValues must have samples, and a Minimum that is not greater than its Maximum.", path)
	}
	return checked(sampleOfSet(set), path)
}

// checkForm refuses a datum that speaks in two ways at once or not at all.
// Values beside StatisticValues is let through as AWS does; the Values count.
func (d *MetricDatum) checkForm(path string) *apiError {
	const exclusive = "The parameters %s.%s and %s.%s are mutually exclusive and you have specified both."
	switch {
	case d.Value != nil && len(d.Values) > 0:
		return invalidCombination(exclusive, path, "Value", path, "Values")
	case len(d.Counts) > 0 && len(d.Counts) != len(d.Values):
		return invalidValue("The parameters %s.Values and %s.Counts must be of the same size.", path, path)
	case d.Value != nil && d.StatisticValues != nil:
		return invalidCombination(exclusive, path, "Value", path, "StatisticValues")
	case len(d.Values) > 150:
		return invalidValue("The collection %s.Values must not have a size greater than 150.", path)
	case d.Value == nil && len(d.Values) == 0 && d.StatisticValues == nil:
		return missingParameter("At least one of the parameters %s.Value, Values and StatisticValues must be specified.", path)
	}
	return nil
}

func (d *MetricDatum) sampleOfValues(path string) (sample, *apiError) {
	values := make([]weighted, len(d.Values))
	for i, v := range d.Values {
		values[i] = weighted{v, 1}
		if len(d.Counts) > 0 {
			values[i].count = d.Counts[i]
		}
		if !(values[i].count > 0) {
			return sample{}, invalidValue("The parameter %s.Counts.member.%d must be greater than 0.", path, i+1)
		}
	}
	return checked(sampleOf(values), path)
}

// checked refuses what CloudWatch cannot store: values beyond ±2^360, NaN and
// the infinities.
func checked(s sample, path string) (sample, *apiError) {
	limit := math.Exp2(360)
	for _, v := range []float64{s.min, s.max, s.sum, s.count} {
		if !(math.Abs(v) <= limit) {
			return sample{}, invalidValue("The values of %s must be numbers between -2^360 and 2^360.", path)
		}
	}
	return s, nil
}
