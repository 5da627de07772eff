package gate

import (
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
)

// judgeRate judges a rate against its limit. What the rate is of stands in the
// sentence "at least 2 % of updates <does>".
func judgeRate(p Policy, e Evidence, limit float64, does string, of func(*measure.Numbers) measure.Rate) Gate {
	g := Gate{Limit: limit}
	if void := e.explainVoid(); !void.IsZero() {
		return g.decideFor(Inconclusive, void)
	}
	r := of(e.Numbers)
	g.N = r.N
	if r.N == 0 {
		return g.decide(Inconclusive, "no_decided")
	}
	g.Estimate = r.Ratio
	seen := stats.Share{Hits: r.Hits, N: r.N, Effect: r.Effect, Anytime: p.Anytime}
	sure := seen // of what no stall of the generator may be behind
	sure.Hits -= r.Excused
	lower, upper := sure.Lower(p.Confidence), seen.Upper(p.Confidence)
	g.Lower, g.Upper, g.Effective = &lower, &upper, seen.Effective()
	why := func(code string, values ...any) reason.Reason {
		return reason.New(code, append(values, "does", does, "limit", limit, "confidence", p.Confidence, "anytime", p.Anytime)...)
	}
	switch {
	case lower > limit && p.Anytime && r.Moments < fewestMoments:
		return g.decideFor(Inconclusive, why("rate_few_moments", "lower", lower, "moments", tellMoments(r.Moments)))
	case lower > limit:
		return g.decideFor(Fail, why("rate_above", "lower", lower))
	case upper < limit:
		return g.decideFor(Pass, why("rate_below", "upper", upper))
	case seen.Lower(p.Confidence) > limit:
		return g.decideFor(Inconclusive, why("rate_stalled", "excused", r.Excused, "hits", r.Hits, "late", tellLateGenerator(e)))
	}
	more, ok := seen.MoreSamples(limit, p.Confidence)
	open := why("rate_open", "lower", lower, "upper", upper, "needs", tellNeeds(more, ok, r.N, e.Numbers))
	return g.decideFor(Inconclusive, addClustering(g, open))
}
