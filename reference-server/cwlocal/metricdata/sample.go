package metricdata

import (
	"cmp"
	"math"
	"slices"
)

// A sample is everything known of the values that fell into a stretch of time.
type Sample struct {
	count, sum, min, max float64
	values               []weighted // unsorted, may repeat; percentiles need them
	opaque               bool       // some values came as a statistic set and are not known one by one
}

// StatisticSet is a summary of values that are not told one by one.
type StatisticSet struct {
	SampleCount, Sum, Minimum, Maximum float64
}

// weighted is a value that was seen count times.
type weighted struct{ value, count float64 }

func newSample(values []weighted) Sample {
	s := Sample{min: math.Inf(1), max: math.Inf(-1), values: values}
	for _, v := range values {
		s.count += v.count
		s.sum += v.value * v.count
		s.min, s.max = min(s.min, v.value), max(s.max, v.value)
	}
	return s
}

// newSampleOfSet keeps what a statistic set says. One whose values are all the
// same says them all; of any other the percentiles cannot be known.
func newSampleOfSet(set *StatisticSet) Sample {
	if set.Minimum == set.Maximum && set.Sum == set.Minimum*set.SampleCount {
		return newSample([]weighted{{set.Minimum, set.SampleCount}})
	}
	return Sample{count: set.SampleCount, sum: set.Sum, min: set.Minimum, max: set.Maximum, opaque: true}
}

// add merges b into s. Without keepValues the percentiles are given up.
func (s *Sample) add(b *Sample, keepValues bool) {
	if s.count == 0 {
		s.min, s.max = b.min, b.max
	}
	s.count += b.count
	s.sum += b.sum
	s.min, s.max = min(s.min, b.min), max(s.max, b.max)
	s.opaque = s.opaque || b.opaque
	if keepValues {
		s.values = append(s.values, b.values...)
	}
}

// compact joins repeated values.
func (s *Sample) compact() {
	slices.SortFunc(s.values, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	kept := s.values[:0]
	for _, v := range s.values {
		if n := len(kept); n > 0 && kept[n-1].value == v.value {
			kept[n-1].count += v.count
			continue
		}
		kept = append(kept, v)
	}
	s.values = slices.Clip(kept)
}

// percentile is the smallest value that at least p percent of all values do not
// exceed (nearest rank). CloudWatch gives none where it does not know the
// values one by one, and none where one is negative.
func (s *Sample) percentile(p float64) (float64, bool) {
	if s.opaque || s.count == 0 || s.min < 0 {
		return 0, false
	}
	s.compact()
	// p·n/100 may land a hair above a whole rank that it means exactly.
	rank := p*s.count/100 - 1e-9*s.count
	seen := 0.0
	for _, v := range s.values {
		if seen += v.count; seen >= rank {
			return v.value, true
		}
	}
	return s.max, true
}
