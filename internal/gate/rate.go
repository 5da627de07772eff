package gate

import (
	"fmt"

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
	lower, upper := stats.RateLower(r.Hits, r.N, p.Confidence), stats.RateUpper(r.Hits, r.N, p.Confidence)
	g.Lower, g.Upper = &lower, &upper
	switch {
	case lower > limit:
		return g.say(Fail, fmt.Sprintf("at least %s of moves %s (%s sure); the limit is %s",
			percentAgainst(lower, limit), does, Percent(p.Confidence), Percent(limit)))
	case upper < limit:
		return g.say(Pass, fmt.Sprintf("at most %s of moves %s (%s sure); the limit is %s",
			percentAgainst(upper, limit), does, Percent(p.Confidence), Percent(limit)))
	}
	more, ok := stats.MoreForRate(r.Hits, r.N, limit, p.Confidence)
	return g.say(Inconclusive, fmt.Sprintf("between %s and %s of moves %s, which does not settle the limit of %s; %s",
		percentAgainst(lower, limit), percentAgainst(upper, limit), does, Percent(limit), needs(more, ok, r.N, e.Numbers)))
}
