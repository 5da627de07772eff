package gate

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/stats"
)

// limited judges a rate against its limit. What the rate is of stands in the
// sentence "at least 2 % of moves <does>".
func limited(p Policy, e Evidence, limit float64, does string, of func(*measure.Numbers) measure.Rate) Gate {
	g := Gate{Limit: limit}
	if void := e.void(); void != "" {
		return g.say(Inconclusive, void)
	}
	r := of(e.Numbers)
	g.N = r.N
	if r.N == 0 {
		return g.say(Inconclusive, "no data: no move was applied or refused as stale")
	}
	g.Estimate = r.Ratio
	seen := stats.Share{Hits: r.Hits, N: r.N, Effect: r.Effect, Anytime: p.Anytime}
	sure := seen // of what no stall of the generator may be behind
	sure.Hits -= r.Excused
	lower, upper := sure.Lower(p.Confidence), seen.Upper(p.Confidence)
	g.Lower, g.Upper, g.Effective = &lower, &upper, seen.Effective()
	switch {
	case lower > limit && p.Anytime && r.Moments < fewestMoments:
		return g.say(Inconclusive, fmt.Sprintf("at least %s of moves %s, all of them in %s; the limit is %s",
			amount.PercentAgainst(lower, limit), does, moments(r.Moments), amount.Percent(limit)))
	case lower > limit:
		return g.say(Fail, fmt.Sprintf("at least %s of moves %s (%s); the limit is %s",
			amount.PercentAgainst(lower, limit), does, p.sure(), amount.Percent(limit)))
	case upper < limit:
		return g.say(Pass, fmt.Sprintf("at most %s of moves %s (%s); the limit is %s",
			amount.PercentAgainst(upper, limit), does, p.sure(), amount.Percent(limit)))
	case seen.Lower(p.Confidence) > limit:
		return g.say(Inconclusive, fmt.Sprintf("%s of %s moves that %s may do so because %s; the others do not settle the limit of %s",
			amount.Count(r.Excused), amount.Count(r.Hits), does, lateGenerator(e), amount.Percent(limit)))
	}
	more, ok := seen.More(limit, p.Confidence)
	return g.say(Inconclusive, fmt.Sprintf("between %s and %s of moves %s, which does not settle the limit of %s%s; %s",
		amount.PercentAgainst(lower, limit), amount.PercentAgainst(upper, limit), does, amount.Percent(limit), clustering(g), needs(more, ok, r.N, e.Numbers)))
}
