package compare

import (
	"slices"

	"github.com/occbench/occbench/internal/gate"
)

// compareJudged compares the verdicts of a gate without a test of its own:
// what CloudWatch counted, whether an alarm fired, whether a screen was wrong.
// It returns nil when neither run was asked.
func compareJudged(rule gate.Rule, b, r *gate.Gate) *Line {
	if b == nil && r == nil {
		return nil
	}
	l := &Line{Group: Gates, Name: rule.Name, Unit: rule.Unit, Test: "both verdicts"}
	for _, side := range []struct {
		who string
		g   *gate.Gate
		v   *Value
	}{{"the base", b, &l.Base}, {"the run", r, &l.Run}} {
		switch {
		case side.g == nil:
			return l.setNoData(side.who + " was not asked")
		case side.g.Verdict == gate.Inconclusive:
			return l.setNoData("open in " + side.who + ": " + side.g.Reason.String())
		}
		*side.v = Value{Estimate: side.g.Estimate, N: side.g.N}
	}
	switch {
	case b.Verdict == r.Verdict:
		l.Verdict = NoChange
	case r.Verdict == gate.Fail:
		l.Verdict, l.Reason = Worse, "the run breaks what the base kept: "+r.Reason.String()
	default:
		l.Verdict, l.Reason = Better, "the run keeps what the base broke: "+b.Reason.String()
	}
	return l
}

// gate returns a gate of the run's verdict; nil: it was not asked.
func (s *Side) gate(name string) *gate.Gate {
	i := slices.IndexFunc(s.gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &s.gates[i]
}
