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
	lower, upper := p.bounds(r)
	g.Lower, g.Upper = &lower, &upper
	switch {
	case lower > limit:
		return g.say(Fail, fmt.Sprintf("at least %s of moves %s (%s); the limit is %s",
			percentAgainst(lower, limit), does, p.sure(), Percent(limit)))
	case upper < limit:
		return g.say(Pass, fmt.Sprintf("at most %s of moves %s (%s); the limit is %s",
			percentAgainst(upper, limit), does, p.sure(), Percent(limit)))
	}
	more, ok := p.more(r.Hits, r.N, limit)
	return g.say(Inconclusive, fmt.Sprintf("between %s and %s of moves %s, which does not settle the limit of %s; %s",
		percentAgainst(lower, limit), percentAgainst(upper, limit), does, Percent(limit), needs(more, ok, r.N, e.Numbers)))
}

// bounds are those of a rate.
func (p Policy) bounds(r measure.Rate) (lower, upper float64) {
	if p.Anytime {
		return stats.AnytimeLower(r.Hits, r.N, p.Confidence), stats.AnytimeUpper(r.Hits, r.N, p.Confidence)
	}
	return stats.RateLower(r.Hits, r.N, p.Confidence), stats.RateUpper(r.Hits, r.N, p.Confidence)
}

// more is how many more samples would decide a rate.
func (p Policy) more(hits, n int, limit float64) (more int, ok bool) {
	if p.Anytime {
		return stats.MoreForAnytime(hits, n, limit, p.Confidence)
	}
	return stats.MoreForRate(hits, n, limit, p.Confidence)
}
