package cwlocal

import (
	"cmp"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// maxStatistics is how many datapoints GetMetricStatistics gives at most.
const maxStatistics = 1440

type getMetricStatisticsInput struct {
	Namespace          string
	MetricName         string
	Dimensions         []metricdata.Dimension
	StartTime          *time.Time
	EndTime            *time.Time
	Period             *int
	Statistics         []string
	ExtendedStatistics []string
	Unit               string
}

type getMetricStatisticsOutput struct {
	Label      string
	Datapoints []datapoint
}

type datapoint struct {
	Timestamp          time.Time
	SampleCount        *float64
	Average            *float64
	Sum                *float64
	Minimum            *float64
	Maximum            *float64
	Unit               string
	ExtendedStatistics map[string]float64
}

func (s *state) getMetricStatistics(_ time.Time, in *getMetricStatisticsInput) (*getMetricStatisticsOutput, *protocol.Error) {
	wanted, err := in.check()
	if err != nil {
		return nil, err
	}
	w := metricdata.NewWindow(*in.StartTime, *in.EndTime, *in.Period)
	if !s.metrics.IsComplete(w.Start) {
		return nil, protocol.ValidationError("This local CloudWatch stand-in no longer holds all data from StartTime on; ask from %s on.",
			protocol.FormatISO8601(time.Unix(s.metrics.Forgotten+60, 0)))
	}
	data := s.metrics.Find(in.metric().Canonical())
	out := &getMetricStatisticsOutput{Label: in.MetricName, Datapoints: []datapoint{}}
	// Values of different units are not added up: each unit has its datapoints.
	for _, unit := range metricdata.Units {
		if in.Unit != "" && in.Unit != unit {
			continue
		}
		for _, b := range data.Buckets(w, unit, len(in.ExtendedStatistics) > 0) {
			out.Datapoints = append(out.Datapoints, toDatapoint(&b, wanted))
		}
	}
	slices.SortStableFunc(out.Datapoints, func(a, b datapoint) int { return cmp.Compare(a.Timestamp.Unix(), b.Timestamp.Unix()) })
	return out, nil
}

// metric returns the metric that is asked for.
func (in *getMetricStatisticsInput) metric() metricdata.Metric {
	return metricdata.Metric{Namespace: in.Namespace, MetricName: in.MetricName, Dimensions: in.Dimensions}
}

func (in *getMetricStatisticsInput) check() ([]metricdata.Statistic, *protocol.Error) {
	for _, p := range []struct {
		name    string
		present bool
	}{
		{"Namespace", in.Namespace != ""}, {"MetricName", in.MetricName != ""}, {"Period", in.Period != nil},
		{"StartTime", in.StartTime != nil}, {"EndTime", in.EndTime != nil},
	} {
		if !p.present {
			return nil, protocol.MissingParameter("The parameter %s is required.", p.name)
		}
	}
	m := in.metric()
	if err := m.Check(""); err != nil {
		return nil, err
	}
	if !metricdata.IsValidPeriod(*in.Period) {
		return nil, protocol.InvalidValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
	}
	if !in.StartTime.Before(*in.EndTime) {
		return nil, protocol.InvalidValue("The parameter StartTime must be less than the parameter EndTime.")
	}
	if n := (in.EndTime.Unix() - in.StartTime.Unix()) / int64(*in.Period); n > maxStatistics {
		return nil, protocol.InvalidCombination("You have requested up to %d datapoints, which exceeds the limit of %d. "+
			"You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n, maxStatistics)
	}
	if err := metricdata.CheckUnit(in.Unit, "Unit"); err != nil {
		return nil, err
	}
	return in.statistics()
}

func (in *getMetricStatisticsInput) statistics() ([]metricdata.Statistic, *protocol.Error) {
	if (len(in.Statistics) == 0) == (len(in.ExtendedStatistics) == 0) {
		return nil, protocol.InvalidCombination("Exactly one of the parameters Statistics and ExtendedStatistics must be specified.")
	}
	var wanted []metricdata.Statistic
	for _, name := range slices.Concat(in.Statistics, in.ExtendedStatistics) {
		st, ok := metricdata.ParseStatistic(name)
		if !ok || st.IsRank != (len(in.ExtendedStatistics) > 0) {
			return nil, protocol.UnsupportedError("the statistic %q", name)
		}
		wanted = append(wanted, st)
	}
	return wanted, nil
}

func toDatapoint(b *metricdata.Bucket, wanted []metricdata.Statistic) datapoint {
	d := datapoint{Timestamp: time.Unix(b.At, 0).UTC(), Unit: b.Unit}
	plain := map[string]**float64{"SampleCount": &d.SampleCount, "Average": &d.Average, "Sum": &d.Sum,
		"Minimum": &d.Minimum, "Maximum": &d.Maximum}
	for _, st := range wanted {
		v, ok := st.Compute(&b.Sample)
		switch {
		case ok && st.IsRank:
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[st.Name] = v
		case ok:
			*plain[st.Name] = &v
		}
	}
	return d
}
