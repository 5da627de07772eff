package metricdata

import (
	"math"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Datum is published by a client: one Value, or Values with how often
// each was seen, or a StatisticSet.
type Datum struct {
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

func (d *Datum) Arrival(now time.Time, namespace, path string) (Arrival, *protocol.Error) {
	m := Metric{namespace, d.MetricName, d.Dimensions}
	if d.MetricName == "" {
		return Arrival{}, protocol.MissingParameter("The parameter %s.MetricName is required.", path)
	}
	if err := m.Check(path); err != nil {
		return Arrival{}, err
	}
	if err := CheckUnit(d.Unit, path+".Unit"); err != nil {
		return Arrival{}, err
	}
	at, err := d.computeSecond(now, path)
	if err != nil {
		return Arrival{}, err
	}
	values, err := d.readSample(path)
	if err != nil {
		return Arrival{}, err
	}
	unit := d.Unit
	if unit == "" {
		unit = "None"
	}
	return Arrival{Metric: m.Canonical(), slot: slot{at: at, unit: unit, Sample: values}}, nil
}

// computeSecond returns when the datum is stored: to the second in high resolution, else to
// the minute.
func (d *Datum) computeSecond(now time.Time, path string) (int64, *protocol.Error) {
	at := now
	if d.Timestamp != nil {
		at = *d.Timestamp
	}
	if at.Before(now.Add(-14*24*time.Hour)) || at.After(now.Add(2*time.Hour)) {
		return 0, protocol.InvalidValue("The parameter %s.Timestamp must be no more than two weeks in the past and two hours in the "+
			"future.", path)
	}
	if d.StorageResolution == nil || *d.StorageResolution == 60 {
		return FloorTime(at.Unix(), 60), nil
	}
	if *d.StorageResolution != 1 {
		return 0, protocol.InvalidValue("The parameter %s.StorageResolution must be 1 or 60.", path)
	}
	return at.Unix(), nil
}

func (d *Datum) readSample(path string) (Sample, *protocol.Error) {
	if err := d.checkForm(path); err != nil {
		return Sample{}, err
	}
	switch {
	case d.Value != nil:
		return checkSample(newSample([]weighted{{*d.Value, 1}}), path)
	case len(d.Values) > 0:
		return d.sampleValues(path)
	}
	set := d.StatisticValues
	if !(set.SampleCount > 0) || !(set.Minimum <= set.Maximum) {
		return Sample{}, protocol.InvalidValue("The parameter %s.StatisticValues must have samples, and a Minimum that is not greater "+
			"than "+
			"its Maximum.", path)
	}
	return checkSample(newSampleOfSet(set), path)
}

// checkForm refuses a datum that speaks in two ways at once or not at all.
// Values beside StatisticValues is let through as AWS does; the Values count.
func (d *Datum) checkForm(path string) *protocol.Error {
	const exclusive = "The parameters %s.%s and %s.%s are mutually exclusive and you have specified both."
	switch {
	case d.Value != nil && len(d.Values) > 0:
		return protocol.InvalidCombination(exclusive, path, "Value", path, "Values")
	case len(d.Counts) > 0 && len(d.Counts) != len(d.Values):
		return protocol.InvalidValue("The parameters %s.Values and %s.Counts must be of the same size.", path, path)
	case d.Value != nil && d.StatisticValues != nil:
		return protocol.InvalidCombination(exclusive, path, "Value", path, "StatisticValues")
	case len(d.Values) > 150:
		return protocol.InvalidValue("The collection %s.Values must not have a size greater than 150.", path)
	case d.Value == nil && len(d.Values) == 0 && d.StatisticValues == nil:
		return protocol.MissingParameter("At least one of the parameters %s.Value, Values and StatisticValues must be specified.", path)
	}
	return nil
}

func (d *Datum) sampleValues(path string) (Sample, *protocol.Error) {
	values := make([]weighted, len(d.Values))
	for i, v := range d.Values {
		values[i] = weighted{v, 1}
		if len(d.Counts) > 0 {
			values[i].count = d.Counts[i]
		}
		if !(values[i].count > 0) {
			return Sample{}, protocol.InvalidValue("The parameter %s.Counts.member.%d must be greater than 0.", path, i+1)
		}
	}
	return checkSample(newSample(values), path)
}

// checkSample refuses what CloudWatch cannot store: values beyond ±2^360, NaN and
// the infinities.
func checkSample(s Sample, path string) (Sample, *protocol.Error) {
	limit := math.Exp2(360)
	for _, v := range []float64{s.min, s.max, s.sum, s.count} {
		if !(math.Abs(v) <= limit) {
			return Sample{}, protocol.InvalidValue("The values of %s must be numbers between -2^360 and 2^360.", path)
		}
	}
	return s, nil
}
