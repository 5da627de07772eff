package gate

import (
	"fmt"

	"github.com/occbench/occbench/internal/measure"
)

// judgeP95 asks that 95 % of all attempts are answered within the limit; one
// without an answer is slower than everything.
func judgeP95(p Policy, e Evidence) Gate {
	g := Gate{Limit: p.P95MS}
	if void := e.void(); void != "" {
		return g.say(Inconclusive, void)
	}
	l := e.Numbers.Latency
	g.N, g.Estimate = l.Count, l.P95MS
	if l.Confidence != p.Confidence || l.Anytime != p.Anytime {
		return g.say(Inconclusive, fmt.Sprintf("the history was measured at %s confidence and the policy asks for %s: measure it again",
			Percent(l.Confidence), Percent(p.Confidence)))
	}
	g.Lower, g.Upper = l.P95LowerMS, l.P95UpperMS
	return g.say(p95(p, e.Numbers))
}

func p95(p Policy, n *measure.Numbers) (Result, string) {
	l := n.Latency
	limit := Milliseconds(p.P95MS)
	switch {
	case silent(l):
		return Fail, fmt.Sprintf("%s of %s moves were never answered, so the p95 is beyond every limit (%s)",
			Count(l.Unanswered), Count(l.Count), p.sure())
	case l.P95LowerMS != nil && *l.P95LowerMS > p.P95MS:
		return Fail, fmt.Sprintf("the p95 is at least %s (%s); the limit is %s",
			millisecondsAgainst(*l.P95LowerMS, p.P95MS), p.sure(), limit)
	case l.P95UpperMS != nil && *l.P95UpperMS < p.P95MS:
		return Pass, fmt.Sprintf("the p95 is at most %s (%s); the limit is %s",
			millisecondsAgainst(*l.P95UpperMS, p.P95MS), p.sure(), limit)
	}
	return Inconclusive, undecided(p, n)
}

// silent reports whether even the lower bound falls among the moves that were
// never answered.
func silent(l measure.P95Latency) bool {
	rank, ok := measure.LowerRank(l.Count, measure.Options{Confidence: l.Confidence, Anytime: l.Anytime})
	return ok && rank > l.Count-l.Unanswered
}

func undecided(p Policy, n *measure.Numbers) string {
	l := n.Latency
	reason := fmt.Sprintf("the p95 has no upper bound yet, which does not settle the limit of %s", Milliseconds(p.P95MS))
	switch {
	case l.P95LowerMS != nil && l.P95UpperMS != nil:
		reason = fmt.Sprintf("the p95 is between %s and %s, which does not settle the limit of %s",
			millisecondsAgainst(*l.P95LowerMS, p.P95MS), millisecondsAgainst(*l.P95UpperMS, p.P95MS), Milliseconds(p.P95MS))
	case l.Unanswered > 0:
		reason = fmt.Sprintf("%s of %s moves were never answered, so the p95 has no upper bound and the limit of %s is not settled",
			Count(l.Unanswered), Count(l.Count), Milliseconds(p.P95MS))
	}
	if l.LimitMS != p.P95MS {
		return reason + "; needs more moves"
	}
	// "The p95 is below the limit" and "fewer than 5 % take longer" are one
	// statement.
	more, ok := p.more(l.Slow, l.Count, 1-measure.P95)
	return reason + "; " + needs(more, ok, l.Count, n)
}
