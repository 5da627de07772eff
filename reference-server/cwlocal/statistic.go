package cwlocal

import (
	"slices"
	"strconv"
	"strings"
)

var plainStatistics = []string{"SampleCount", "Average", "Sum", "Minimum", "Maximum"}

// statistic is what a query wants of a bucket: one of plainStatistics, or a
// percentile such as p95 or p99.9.
type statistic struct {
	name       string
	percentile float64 // 0–100
	isRank     bool
}

// parseStatistic also refuses what CloudWatch knows and this does not: trimmed
// and winsorized means, ranks of values, IQM.
func parseStatistic(name string) (statistic, bool) {
	if slices.Contains(plainStatistics, name) {
		return statistic{name: name}, true
	}
	digits, ok := strings.CutPrefix(name, "p")
	if !ok || digits == "" || strings.Trim(digits, "0123456789.") != "" || digits[0] == '.' {
		return statistic{}, false
	}
	if _, decimals, _ := strings.Cut(digits, "."); len(decimals) > 10 {
		return statistic{}, false
	}
	p, err := strconv.ParseFloat(digits, 64)
	return statistic{name: name, percentile: p, isRank: true}, err == nil && p <= 100
}

// of computes the statistic; it has no value when the sample cannot tell.
func (st statistic) of(s *sample) (float64, bool) {
	if s.count == 0 {
		return 0, false
	}
	if st.isRank {
		return s.percentile(st.percentile)
	}
	switch st.name {
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
