package plan

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate/name"
)

// Gate tells what a planned run can decide about one gate, if the server is correct.
type Gate struct {
	Name    string   `json:"name"`
	Samples int      `json:"samples"`         // that the run gives
	Needs   int      `json:"needs,omitempty"` // least samples for a decision; 0: no number is enough
	Pass    float64  `json:"pass"`            // probability that a correct server passes, 0–1
	State   State    `json:"state"`
	Reason  string   `json:"reason"`
	Changes []Change `json:"changes,omitempty"` // each alone makes the gate decidable
}

// State is whether a gate can be decided.
type State string

// The states. An unreachable gate is one that a correct server fails.
const (
	Decidable   State = "decidable"
	Undecidable State = "undecidable"
	Unreachable State = "unreachable"
)

// likely is the probability of passing from which a gate counts as decidable.
const likely = 0.9

// p95Beyond is the share of the samples that may lie beyond a p95: an upper
// bound of the p95 exists when it is certain that some do.
const p95Beyond = 0.05

// IsReady reports whether every gate can be decided, and whether a correct
// server can pass it.
func (p Prediction) IsReady() bool {
	for _, g := range p.Gates {
		if g.State != Decidable {
			return false
		}
	}
	return true
}

// gateRules are the gates that contention decides about, in the order shown.
var gateRules = []gateRule{
	{name: name.ErrorRate, on: func(l Limits) bool { return l.Error > 0 }, judge: judgeError, changes: moreSamples},
	{name: name.P95, on: func(l Limits) bool { return l.P95 }, judge: judgeP95, changes: moreSamples},
	{name: name.ConflictRate, on: func(l Limits) bool { return l.Conflict > 0 }, judge: judgeConflict, changes: fewerConflicts},
	{name: name.Recovery, on: func(l Limits) bool { return l.Recovery }, judge: judgeRecovery, changes: listRecoveryLevers},
}

type gateRule struct {
	name    string
	on      func(Limits) bool
	judge   func(f *outlook) Gate
	changes func(f *outlook) []lever
}

func judgeGates(f *outlook) ([]Gate, error) {
	var all []Gate
	for _, rule := range gateRules {
		if !rule.on(f.Limits) {
			continue
		}
		g := rule.judge(f)
		g.Name, g.Samples = rule.name, f.CountAttempts()
		if g.State != Decidable {
			var err error
			if g.Changes, err = findSmallestChanges(f, rule); err != nil {
				return nil, err
			}
		}
		all = append(all, g)
	}
	return all, nil
}

// judgeError: without a single error, are the attempts enough?
func judgeError(f *outlook) Gate {
	return judgeBySamples(f, f.Limits.countCleanSamples(f.Limits.Error),
		fmt.Sprintf("an error rate below %s", amount.Percent(f.Limits.Error)))
}

func judgeP95(f *outlook) Gate {
	return judgeBySamples(f, f.Limits.countCleanSamples(p95Beyond), "an upper bound of the p95")
}

func judgeBySamples(f *outlook, needs int, what string) Gate {
	n := f.CountAttempts()
	if needs > 0 && n >= needs {
		return Gate{Needs: needs, Pass: 1, State: Decidable, Reason: fmt.Sprintf("%d attempts are enough for %s", n, what)}
	}
	return Gate{Needs: needs, State: Undecidable, Reason: fmt.Sprintf("%d attempts are too few for %s: it takes %d", n, what, needs)}
}

// judgeConflict: how likely is it that the upper bound of the conflicts seen
// stays below the limit?
func judgeConflict(f *outlook) Gate {
	n, limit := f.CountAttempts(), f.Limits.Conflict
	if f.Conflict >= limit {
		return Gate{State: Unreachable, Reason: fmt.Sprintf("a correct server shows %s conflicts, the limit is %s",
			amount.Percent(f.Conflict),
			amount.Percent(limit))}
	}
	g := Gate{Pass: f.Limits.passProbability(n, f.Conflict)}
	g.Needs, _ = f.Limits.countSamplesFor(f.Conflict)
	g.State = Decidable
	enough := "are enough"
	if g.Pass < likely {
		g.State, enough = Undecidable, "are too few"
	}
	g.Reason = fmt.Sprintf("%d attempts %s to tell %s conflicts from the limit of %s", n, enough, amount.Percent(f.Conflict),
		amount.Percent(limit))
	return g
}

// judgeRecovery: will there be a conflict to recover from, and none that the
// attempts of a turn are too few for?
func judgeRecovery(f *outlook) Gate {
	n := f.ExpectedAttempts()
	some := -math.Expm1(n * math.Log1p(-min(f.Conflict, 0.999)))
	beaten := f.BeatenRate * f.MeasuredSeconds()
	g := Gate{State: Decidable, Pass: some * math.Exp(-beaten)}
	if f.Conflict > 0 {
		g.Needs = int(math.Ceil(math.Log1p(-likely) / math.Log1p(-min(f.Conflict, 0.999))))
	}
	switch {
	case beaten > math.Ln2:
		g.State, g.Reason = Unreachable, fmt.Sprintf("about %.3g conflicts are not recovered within %d attempts, on a correct server too",
			beaten, max(f.Attempts, 1))
	case some < likely:
		g.State, g.Reason = Undecidable, fmt.Sprintf("%.2g conflicts are expected, too few to see recovery at work", n*f.Conflict)
	case g.Pass < likely:
		g.State, g.Reason = Undecidable, fmt.Sprintf("a conflict that is not recovered within %d attempts is likely enough (%.2g "+
			"expected) "+
			"to spoil the run", max(f.Attempts, 1), beaten)
	default:
		g.Reason = fmt.Sprintf("about %.3g conflicts to recover from, within %d attempts", n*f.Conflict, max(f.Attempts, 1))
	}
	return g
}
