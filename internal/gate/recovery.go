package gate

import (
	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
)

// Recovery asks that every conflict was recovered from within the budget.
const Recovery = name.Recovery

func init() {
	Register(Rule{
		Name: Recovery, Short: "recovered", Title: "Recovery after a conflict",
		Question: "every conflict is recovered from within the budget; fails at the first that is not",
		Unit:     Ratio, Kind: Every, Cases: [2]string{"conflict", "conflicts"}, Place: 40, Gravity: 50, Judge: judgeRecovery,
	})
}

// judgeRecovery asks that every conflict was recovered from within the budget.
// It counts: the first that was not is a failure, whatever the share. Turns
// that cannot tell are left out: those whose wish became illegal because another
// client took the record elsewhere, and those that the end of the run cut off.
func judgeRecovery(_ Policy, e Evidence) Gate {
	g := Gate{Limit: 1}
	if void := e.explainVoid(); !void.IsZero() {
		return g.decideFor(Inconclusive, void)
	}
	r := e.Numbers.Recovery
	g.N = r.Judged()
	if g.N == 0 {
		return g.decideFor(Inconclusive, explainNoRecovery(r, e))
	}
	share := float64(r.Recovered()) / float64(g.N)
	g.Estimate = &share
	switch {
	case r.Recovered() < g.N:
		return g.decide(Fail, "not_recovered", "lost", r.Judged()-r.Recovered(), "n", r.Judged(), "late", r.Late)
	case r.Excused > 0:
		return g.decide(Inconclusive, "recovered_late", "excused", r.Excused, "late", tellLateGenerator(e), "n", g.N)
	}
	return g.decide(Pass, "recovered", "n", g.N)
}

func explainNoRecovery(r measure.Recovery, e Evidence) reason.Reason {
	switch {
	case r.Turns == 0:
		return reason.New("no_conflict")
	case r.Excused > 0:
		return reason.New("all_excused", "turns", r.Turns, "excused", r.Excused, "late", tellLateGenerator(e))
	}
	return reason.New("all_overtaken", "turns", r.Turns, "overtaken", r.Overtaken, "cut", r.CutOff)
}
