package gate

import (
	"math"
	"time"

	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
)

// P95 asks that 95 % of all attempts are answered within the limit.
const P95 = name.P95

func init() {
	Register(Rule{
		Name: P95, Short: "p95", Title: "p95 latency",
		Question: "95th percentile of the attempts' latency in milliseconds; an attempt without an answer is slower than everything",
		Unit:     MS, Kind: Bounded, Preset: 400, Place: 20, Gravity: 60, Trend: true, Judge: judgeP95,
	})
}

// judgeP95 asks that 95 % of all attempts are answered within the limit; one
// without an answer is slower than everything.
func judgeP95(p Policy, e Evidence) Gate {
	g := Gate{Limit: p.Limit(P95)}
	if void := e.explainVoid(); !void.IsZero() {
		return g.decideFor(Inconclusive, void)
	}
	l := e.Numbers.Latency
	g.N, g.Estimate = l.Count, l.P95MS
	if l.Confidence != p.Confidence || l.Anytime != p.Anytime {
		return g.decide(Inconclusive, "p95_confidence", "measured", l.Confidence, "asked", p.Confidence)
	}
	late := findMaxLateness(e)
	g.Lower, g.Upper, g.Effective = takeOff(l.P95LowerMS, late), l.P95UpperMS, l.Share().Effective()
	return g.decideFor(decideP95(p, e, g, late))
}

// takeOff returns a time without the lateness of the generator.
func takeOff(ms *float64, late float64) *float64 {
	if ms == nil {
		return nil
	}
	v := max(*ms-late, 0)
	return &v
}

// decideP95 decides. A stall of the generator makes a time too long and never too short:
// the upper bound takes times as they were measured, the lower bound takes off what
// the generator was late, so that only what holds with and without it stands.
func decideP95(p Policy, e Evidence, g Gate, late float64) (Result, reason.Reason) {
	l := e.Numbers.Latency
	why := func(code string, values ...any) reason.Reason {
		return reason.New(code, append(values, "limit", g.Limit, "confidence", p.Confidence, "anytime", p.Anytime)...)
	}
	accusation := reason.Reason{} // that even without the lateness of the generator the p95 is beyond the limit
	switch {
	case !isBeyond(l, g.Lower, g.Limit):
	case g.Lower == nil:
		accusation = why("p95_unanswered", "unanswered", l.Unanswered, "n", l.Count)
	case late >= 1:
		accusation = why("p95_above", "lower", *g.Lower, "late", late)
	default:
		accusation = why("p95_above", "lower", *g.Lower)
	}
	switch {
	case !accusation.IsZero() && l.Moments < fewestMoments:
		return Inconclusive, reason.New("p95_few_moments", "why", accusation, "moments", tellMoments(l.Moments))
	case !accusation.IsZero():
		return Fail, accusation
	case g.Upper != nil && *g.Upper < g.Limit:
		return Pass, why("p95_below", "upper", *g.Upper)
	case isBeyond(l, l.P95MeasuredMS, g.Limit):
		return Inconclusive, why("p95_stalled", "late", tellLateGenerator(e))
	}
	return Inconclusive, explainOpenP95(p, e.Numbers, g)
}

// isBeyond reports whether a lower bound of the p95 lies beyond the limit. One that
// exists and is no time falls among the updates that were never answered.
func isBeyond(l measure.P95Latency, lower *float64, limit float64) bool {
	if lower == nil {
		_, exists := l.LowerRank()
		return exists && l.Unanswered > 0
	}
	return *lower > limit
}

func explainOpenP95(p Policy, n *measure.Numbers, g Gate) reason.Reason {
	l := n.Latency
	why := reason.New("p95_no_bound", "limit", g.Limit)
	switch {
	case g.Lower != nil && g.Upper != nil:
		why = reason.New("p95_open", "lower", *g.Lower, "upper", *g.Upper, "limit", g.Limit)
	case l.Unanswered > 0:
		why = reason.New("p95_open_unanswered", "unanswered", l.Unanswered, "n", l.Count, "limit", g.Limit)
	}
	if l.LimitMS != g.Limit {
		return why.With("needs", reason.New("needs_some"))
	}
	// "The p95 is below the limit" and "fewer than 5 % take longer" are one
	// statement.
	more, ok := l.Share().MoreSamples(1-measure.P95, p.Confidence)
	return addClustering(g, why.With("needs", tellNeeds(more, ok, l.Count, n)))
}

// MeasureOptions returns the options under which a history must be measured for this
// policy.
func (p Policy) MeasureOptions() measure.Options {
	limit := time.Duration(math.Round(p.Limit(P95) * float64(time.Millisecond)))
	return measure.Options{Confidence: p.Confidence, Limit: limit, Anytime: p.Anytime}
}
