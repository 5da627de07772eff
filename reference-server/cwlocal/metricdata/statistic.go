package metricdata

import (
	"slices"
	"strconv"
	"strings"
)

var PlainStatistics = []string{"SampleCount", "Average", "Sum", "Minimum", "Maximum"}

// Statistic names the value of a bucket that a query wants: one of plainStatistics, or a
// percentile such as p95 or p99.9.
type Statistic struct {
	Name       string
	percentile float64 // 0–100
	IsRank     bool
}

// ParseStatistic also refuses what CloudWatch knows and this does not: trimmed
// and winsorized means, ranks of values, IQM.
func ParseStatistic(name string) (Statistic, bool) {
	if slices.Contains(PlainStatistics, name) {
		return Statistic{Name: name}, true
	}
	digits, ok := strings.CutPrefix(name, "p")
	if !ok || digits == "" || strings.Trim(digits, "0123456789.") != "" || digits[0] == '.' {
		return Statistic{}, false
	}
	if _, decimals, _ := strings.Cut(digits, "."); len(decimals) > 10 {
		return Statistic{}, false
	}
	p, err := strconv.ParseFloat(digits, 64)
	return Statistic{Name: name, percentile: p, IsRank: true}, err == nil && p <= 100
}

// Compute computes the statistic; it has no value when the sample cannot tell.
func (st Statistic) Compute(s *Sample) (float64, bool) {
	if s.count == 0 {
		return 0, false
	}
	if st.IsRank {
		return s.percentile(st.percentile)
	}
	switch st.Name {
	case "SampleCount":
		return s.count, true
	case "Sum":
		return s.sum, true
	case "Minimum":
		return s.min, true
	case "Maximum":
		return s.max, true
	}
	return s.sum / s.count, true
}
