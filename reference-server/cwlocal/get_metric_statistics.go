package cwlocal

import (
	"cmp"
	"slices"
	"time"
)

// maxStatistics is how many datapoints GetMetricStatistics gives at most.
const maxStatistics = 1440

type getMetricStatisticsInput struct {
	Namespace          string
	MetricName         string
	Dimensions         []Dimension
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

func (s *Server) getMetricStatistics(_ time.Time, in *getMetricStatisticsInput) (*getMetricStatisticsOutput, *apiError) {
	wanted, err := in.check()
	if err != nil {
		return nil, err
	}
	w := windowOf(*in.StartTime, *in.EndTime, *in.Period)
	if !s.metrics.complete(w.start) {
		return nil, validation("This local CloudWatch stand-in no longer holds all data from StartTime on; ask from %s on.",
			iso8601(time.Unix(s.metrics.forgotten+60, 0)))
	}
	data := s.metrics.find(metric{in.Namespace, in.MetricName, in.Dimensions}.canonical())
	out := &getMetricStatisticsOutput{Label: in.MetricName, Datapoints: []datapoint{}}
	// Values of different units are not added up: each unit has its datapoints.
	for _, unit := range units {
		if in.Unit != "" && in.Unit != unit {
			continue
		}
		for _, b := range data.buckets(w, unit, len(in.ExtendedStatistics) > 0) {
			out.Datapoints = append(out.Datapoints, pointOf(&b, wanted))
		}
	}
	slices.SortStableFunc(out.Datapoints, func(a, b datapoint) int { return cmp.Compare(a.Timestamp.Unix(), b.Timestamp.Unix()) })
	return out, nil
}

func (in *getMetricStatisticsInput) check() ([]statistic, *apiError) {
	for _, p := range []struct {
		name    string
		present bool
	}{
		{"Namespace", in.Namespace != ""}, {"MetricName", in.MetricName != ""}, {"Period", in.Period != nil},
		{"StartTime", in.StartTime != nil}, {"EndTime", in.EndTime != nil},
	} {
		if !p.present {
			return nil, missingParameter("The parameter %s is required.", p.name)
		}
	}
	if err := (&metric{in.Namespace, in.MetricName, in.Dimensions}).check(""); err != nil {
		return nil, err
	}
	if !validPeriod(*in.Period) {
		return nil, invalidValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
	}
	if !in.StartTime.Before(*in.EndTime) {
		return nil, invalidValue("The parameter StartTime must be less than the parameter EndTime.")
	}
	if n := (in.EndTime.Unix() - in.StartTime.Unix()) / int64(*in.Period); n > maxStatistics {
		return nil, invalidCombination("You have requested up to %d datapoints, which exceeds the limit of %d. "+
			"You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n, maxStatistics)
	}
	if err := checkUnit(in.Unit, "Unit"); err != nil {
		return nil, err
	}
	return in.statistics()
}

func (in *getMetricStatisticsInput) statistics() ([]statistic, *apiError) {
	if (len(in.Statistics) == 0) == (len(in.ExtendedStatistics) == 0) {
		return nil, invalidCombination("Exactly one of the parameters Statistics and ExtendedStatistics must be specified.")
	}
	var wanted []statistic
	for _, name := range slices.Concat(in.Statistics, in.ExtendedStatistics) {
		st, ok := parseStatistic(name)
		if !ok || st.isRank != (len(in.ExtendedStatistics) > 0) {
			return nil, unsupported("the statistic %q", name)
		}
		wanted = append(wanted, st)
	}
	return wanted, nil
}

func pointOf(b *bucket, wanted []statistic) datapoint {
	d := datapoint{Timestamp: time.Unix(b.at, 0).UTC(), Unit: b.unit}
	plain := map[string]**float64{"SampleCount": &d.SampleCount, "Average": &d.Average, "Sum": &d.Sum,
		"Minimum": &d.Minimum, "Maximum": &d.Maximum}
	for _, st := range wanted {
		v, ok := st.of(&b.sample)
		switch {
		case ok && st.isRank:
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[st.name] = v
		case ok:
			*plain[st.name] = &v
		}
	}
	return d
}
