package gate

import (
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// Verdict is what verdict.json holds.
type Verdict struct {
	Verdict     Result                  `json:"verdict"`
	Partial     bool                    `json:"partial"`      // the run ended before its time
	Reasons     []string                `json:"reasons"`      // why it is not PASS, the gravest first; empty on PASS
	Gates       []Gate                  `json:"gates"`        // in the order of Names
	Outcomes    map[history.Outcome]int `json:"outcomes"`     // attempts of the measured window by class
	SwitchedOff []string                `json:"switched_off"` // gates that were not asked
	Tolerated   []string                `json:"tolerated"`    // ids of anomalies that fail nothing
	Confidence  float64                 `json:"confidence"`   // one-sided, of every bound
}

// Judge asks every gate that is not switched off. The verdict is the worst
// answer, and at best INCONCLUSIVE where the run itself is in doubt: a run that
// was interrupted may have missed what its declared length was there to find.
func Judge(p Policy, e Evidence) Verdict {
	v := Verdict{
		Verdict: Pass, Partial: e.Run.partial(), Confidence: p.Confidence, Outcomes: map[history.Outcome]int{},
		Reasons: []string{}, Gates: []Gate{}, SwitchedOff: []string{}, Tolerated: append([]string{}, p.Tolerated...),
	}
	if e.Numbers != nil {
		v.Outcomes = e.Numbers.Outcomes
	}
	for _, r := range rules {
		if slices.Contains(p.Off, r.name) {
			v.SwitchedOff = append(v.SwitchedOff, r.name)
			continue
		}
		g := r.judge(p, e)
		g.Name = r.name
		v.Gates = append(v.Gates, g)
		v.Verdict = v.Verdict.Worse(g.Verdict)
	}
	v.reason(doubts(p, e))
	return v
}

// reason collects why the verdict is not PASS: broken gates, then doubts about
// the run, then gates that could not be decided for a reason of their own.
func (v *Verdict) reason(doubts []string) {
	if len(v.Gates) == 0 {
		doubts = append(doubts, "every gate is switched off")
	}
	if len(doubts) > 0 {
		v.Verdict = v.Verdict.Worse(Inconclusive)
	}
	v.answers(Fail, nil)
	v.Reasons = append(v.Reasons, doubts...)
	v.answers(Inconclusive, doubts)
}

// answers adds the reasons of the gates with a result, but those already told.
func (v *Verdict) answers(r Result, told []string) {
	for _, g := range v.Gates {
		if g.Verdict == r && !slices.Contains(told, g.Reason) {
			v.Reasons = append(v.Reasons, g.Name+": "+g.Reason)
		}
	}
}
