package gate

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
)

// P95 asks that 95 % of all attempts are answered within the limit.
const P95 = name.P95

func init() {
	Register(Rule{
		Name: P95, Short: "p95", Title: "How long 95 of 100 moves take at most",
		Question: "95th percentile of the attempts' latency in milliseconds; an attempt without an answer is slower than everything",
		Unit:     MS, Kind: Bounded, Preset: 400, Cases: [2]string{"move", "moves"}, Place: 20, Gravity: 60, Trend: true, Judge: judgeP95,
	})
}

// judgeP95 asks that 95 % of all attempts are answered within the limit; one
// without an answer is slower than everything.
func judgeP95(p Policy, e Evidence) Gate {
	g := Gate{Limit: p.Limit(P95)}
	if void := e.void(); void != "" {
		return g.say(Inconclusive, void)
	}
	l := e.Numbers.Latency
	g.N, g.Estimate = l.Count, l.P95MS
	if l.Confidence != p.Confidence || l.Anytime != p.Anytime {
		return g.say(Inconclusive, fmt.Sprintf("the history was measured at %s confidence and the policy asks for %s: measure it again",
			amount.Percent(l.Confidence), amount.Percent(p.Confidence)))
	}
	late := lateness(e)
	g.Lower, g.Upper, g.Effective = takeOff(l.P95LowerMS, late), l.P95UpperMS, l.Share().Effective()
	return g.say(p95(p, e, g, late))
}

// takeOff returns a time without the lateness of the generator.
func takeOff(ms *float64, late float64) *float64 {
	if ms == nil {
		return nil
	}
	v := max(*ms-late, 0)
	return &v
}

// p95 decides. A stall of the generator makes a time too long and never too short:
// the upper bound takes times as they were measured, the lower bound takes off what
// the generator was late, so that only what holds with and without it stands.
func p95(p Policy, e Evidence, g Gate, late float64) (Result, string) {
	l := e.Numbers.Latency
	accused, words := accusation(p, g, l, late)
	switch {
	case accused && l.Moments < fewestMoments:
		return Inconclusive, fmt.Sprintf("%s; the slow moves were sent in %s", words, moments(l.Moments))
	case accused:
		return Fail, words
	case g.Upper != nil && *g.Upper < p.Limit(P95):
		return Pass, fmt.Sprintf("the p95 is at most %s (%s); the limit is %s",
			amount.MillisecondsAgainst(*g.Upper, p.Limit(P95)), p.sure(), amount.Milliseconds(p.Limit(P95)))
	case beyond(l, l.P95MeasuredMS, p.Limit(P95)):
		return Inconclusive, fmt.Sprintf("the p95 was measured to be beyond the limit of %s, but %s; without that the server may have kept it",
			amount.Milliseconds(p.Limit(P95)), lateGenerator(e))
	}
	return Inconclusive, undecided(p, e.Numbers, g)
}

// accusation says that even without the lateness of the generator the p95 is beyond
// the limit, when it is.
func accusation(p Policy, g Gate, l measure.P95Latency, late float64) (bool, string) {
	switch {
	case !beyond(l, g.Lower, p.Limit(P95)):
		return false, ""
	case g.Lower == nil:
		return true, fmt.Sprintf("%s of %s moves were never answered, so the p95 is beyond every limit (%s)",
			amount.Count(l.Unanswered), amount.Count(l.Count), p.sure())
	}
	off := ""
	if late >= 1 {
		off = fmt.Sprintf(" when the %s are taken off that the generator was late at most", amount.Milliseconds(late))
	}
	return true, fmt.Sprintf("the p95 is at least %s%s (%s); the limit is %s",
		amount.MillisecondsAgainst(*g.Lower, p.Limit(P95)), off, p.sure(), amount.Milliseconds(p.Limit(P95)))
}

// beyond reports whether a lower bound of the p95 lies beyond the limit. One that
// exists and is no time falls among the moves that were never answered.
func beyond(l measure.P95Latency, lower *float64, limit float64) bool {
	if lower == nil {
		_, exists := l.LowerRank()
		return exists && l.Unanswered > 0
	}
	return *lower > limit
}

func undecided(p Policy, n *measure.Numbers, g Gate) string {
	l := n.Latency
	reason := fmt.Sprintf("the p95 has no upper bound yet, which does not settle the limit of %s", amount.Milliseconds(p.Limit(P95)))
	switch {
	case g.Lower != nil && g.Upper != nil:
		reason = fmt.Sprintf("the p95 is between %s and %s, which does not settle the limit of %s",
			amount.MillisecondsAgainst(*g.Lower, p.Limit(P95)), amount.MillisecondsAgainst(*g.Upper, p.Limit(P95)), amount.Milliseconds(p.Limit(P95)))
	case l.Unanswered > 0:
		reason = fmt.Sprintf("%s of %s moves were never answered, so the p95 has no upper bound and the limit of %s is not settled",
			amount.Count(l.Unanswered), amount.Count(l.Count), amount.Milliseconds(p.Limit(P95)))
	}
	if l.LimitMS != p.Limit(P95) {
		return reason + "; needs more moves"
	}
	// "The p95 is below the limit" and "fewer than 5 % take longer" are one
	// statement.
	more, ok := l.Share().More(1-measure.P95, p.Confidence)
	return reason + clustering(g) + "; " + needs(more, ok, l.Count, n)
}
