package k6import

import (
	"math"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
)

// judgeFailures compares the failed requests of a summary with the limit of the
// error rate. Too many decide nothing, for they may all be conflicts.
func judgeFailures(hits, n int, p gate.Policy) gate.Gate {
	g := gate.Gate{Name: failures, Unit: gate.Ratio, N: n, Limit: p.Limit(gate.ErrorRate), Verdict: gate.Inconclusive}
	if n == 0 {
		g.Reason = reason.New("import_nothing")
		return g
	}
	ratio := float64(hits) / float64(n)
	lower, upper := stats.RateLower(hits, n, p.Confidence), stats.RateUpper(hits, n, p.Confidence)
	g.Estimate, g.Lower, g.Upper = &ratio, &lower, &upper
	why := func(code string) reason.Reason {
		return reason.New(code, "lower", lower, "upper", upper, "limit", g.Limit, "confidence", p.Confidence)
	}
	switch {
	case upper < g.Limit:
		g.Verdict, g.Reason = gate.Pass, why("import_below")
	case lower > g.Limit:
		g.Reason = why("import_above")
	default:
		g.Reason = why("import_open")
	}
	return g
}

// judgeP95 compares the p95 of all requests with its limit. A summary has no
// samples to count, but its other percentiles bound the p95: of 1,000 requests
// the p99 is slower than the 962nd, which bounds it with 95 %.
//
// Failed requests may have had no answer, and k6 counts a refused connection as
// 0 ms. So for the upper bound each of them may be slower than all others.
func judgeP95(values numbers, failed, n int, p gate.Policy) gate.Gate {
	all := values.percentiles()
	g := gate.Gate{Name: durations, Unit: gate.MS, N: n, Limit: p.Limit(gate.P95), Verdict: gate.Inconclusive}
	if v, ok := all[measure.P95]; ok {
		g.Estimate = &v
	}
	g.Lower, g.Upper = boundP95(all, failed, n, p.Confidence)
	why := func(code string) reason.Reason {
		return reason.New(code, "lower", g.Lower, "upper", g.Upper, "limit", g.Limit, "confidence", p.Confidence, "failed", failed, "n", n)
	}
	switch {
	case n == 0:
		g.Reason = why("import_nothing")
	case g.Lower != nil && *g.Lower > g.Limit:
		g.Verdict, g.Reason = gate.Fail, why("import_p95_above")
	case g.Upper != nil && *g.Upper < g.Limit:
		g.Verdict, g.Reason = gate.Pass, why("import_p95_below")
	case g.Upper == nil && failed > 0:
		g.Reason = why("import_p95_failed")
	case g.Lower == nil || g.Upper == nil:
		g.Reason = why("import_p95_unbound")
	default:
		g.Reason = why("import_p95_open")
	}
	return g
}

// boundP95 returns the tightest percentiles that bound the p95 of n samples.
// k6 puts the percentile q between the samples of the ranks around q·(n−1)+1, so
// it is an upper bound where the lower of these ranks is one, and the other way
// round. Moving the failed ones behind all others moves a rank by as many.
func boundP95(all map[float64]float64, failed, n int, confidence float64) (lower, upper *float64) {
	high, hasHigh := stats.UpperRank(n, measure.P95, confidence)
	low, hasLow := stats.LowerRank(n, measure.P95, confidence)
	for q, v := range all {
		at := q * float64(n-1)
		if hasHigh && int(math.Floor(at+1e-9))+1 >= high+failed && (upper == nil || v < *upper) {
			upper = &v
		}
		if hasLow && int(math.Ceil(at-1e-9))+1 <= low && (lower == nil || v > *lower) {
			lower = &v
		}
	}
	return lower, upper
}
