package gate

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
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
// that cannot tell are left out, those whose wish became illegal because
// somebody else took the card elsewhere and those that the end of the run cut
// off.
func judgeRecovery(_ Policy, e Evidence) Gate {
	g := Gate{Limit: 1}
	if void := e.void(); void != "" {
		return g.say(Inconclusive, void)
	}
	r := e.Numbers.Recovery
	g.N = r.Judged()
	if g.N == 0 {
		return g.say(Inconclusive, unexercised(r, e))
	}
	share := float64(r.Recovered()) / float64(g.N)
	g.Estimate = &share
	if r.Recovered() == g.N && r.Excused > 0 {
		return g.say(Inconclusive, fmt.Sprintf("%s not recovered from in time, but %s; all %s others were",
			amount.Plural(r.Excused, "turn with a conflict was", "turns with a conflict were"), lateGenerator(e), amount.Count(g.N)))
	}
	if r.Recovered() == g.N {
		return g.say(Pass, "every conflict was recovered from: "+amount.Count(g.N)+" of "+amount.Count(g.N))
	}
	return g.say(Fail, lost(r))
}

func unexercised(r measure.Recovery, e Evidence) string {
	if r.Turns == 0 {
		return "not exercised: there was no conflict to recover from; needs more contention (fewer cards or more operators)"
	}
	if r.Excused > 0 {
		return fmt.Sprintf("of %s turns with a conflict, %s were not recovered from in time, but %s", amount.Count(r.Turns), amount.Count(r.Excused), lateGenerator(e))
	}
	return fmt.Sprintf("not exercised: of %s turns with a conflict, %s were overtaken by somebody else's move and %s cut off by the end of the run",
		amount.Count(r.Turns), amount.Count(r.Overtaken), amount.Count(r.CutOff))
}

func lost(r measure.Recovery) string {
	reason := fmt.Sprintf("%s of %s turns with a conflict were not recovered from", amount.Count(r.Judged()-r.Recovered()), amount.Count(r.Judged()))
	if r.Late > 0 {
		reason += fmt.Sprintf(", %s of them only after the budget", amount.Count(r.Late))
	}
	return reason
}
