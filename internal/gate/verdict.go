package gate

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/validity"
)

// Verdict is the content of verdict.json.
type Verdict struct {
	Verdict     Result                  `json:"verdict"`
	Partial     bool                    `json:"partial"`           // the run ended before its time
	Reasons     []reason.Reason         `json:"reasons"`           // why it is not PASS, the gravest first; empty on PASS
	Gates       []Gate                  `json:"gates"`             // in the order of Names
	Outcomes    map[history.Outcome]int `json:"outcomes"`          // attempts of the measured window by class
	SwitchedOff []string                `json:"switched_off"`      // gates that were not asked
	Tolerated   []string                `json:"tolerated"`         // ids of anomalies that fail nothing
	Confidence  float64                 `json:"confidence"`        // one-sided, of every bound
	Anytime     bool                    `json:"anytime,omitempty"` // the bounds hold at every look

	BuiltOn map[string]string `json:"built_on,omitempty"` // hashes of the files that it rests on

	WithoutCloudWatch bool `json:"without_cloudwatch,omitempty"` // left out on request

	Contention *validity.Contention `json:"contention,omitempty"` // predicted against observed
	Validity   []validity.Line      `json:"validity,omitempty"`   // what the numbers rest on
}

// Judge asks every gate that is not switched off. The verdict is the worst
// answer, and at best INCONCLUSIVE where the run itself is in doubt: a run that
// was interrupted may have missed what its declared length was there to find.
func Judge(p Policy, e Evidence) Verdict {
	v := Verdict{
		Verdict: Pass, Partial: e.Run.isPartial(), Confidence: p.Confidence, Anytime: p.Anytime, Outcomes: map[history.Outcome]int{},
		WithoutCloudWatch: p.WithoutCloudWatch,
		Reasons:           []reason.Reason{}, Gates: []Gate{}, SwitchedOff: []string{}, Tolerated: append([]string{}, p.Tolerated...),
	}
	if e.Numbers != nil {
		v.Outcomes = e.Numbers.Outcomes
	}
	for _, r := range rules {
		if slices.Contains(p.Off, r.Name) {
			v.SwitchedOff = append(v.SwitchedOff, r.Name)
			continue
		}
		if r.Asked != nil && !r.Asked(e) {
			continue
		}
		g := r.Judge(p, e)
		g.Name, g.Unit = r.Name, r.Unit
		g = takeBack(keepDecision(g, p, e), e.Validity)
		v.Gates = append(v.Gates, g)
		v.Verdict = v.Verdict.WorseOf(g.Verdict)
	}
	v.blameLoad(e)
	if e.Validity != nil {
		v.Contention, v.Validity = e.Validity.Contention, e.Validity.Lines
	}
	v.explain(listCaveats(p, e))
	return v
}

// WithWords returns the verdict with all its reasons in the nouns of an API.
func (v Verdict) WithWords(w noun.Words) Verdict {
	v.Contention = v.Contention.WithWords(w)
	v.Reasons, v.Gates, v.Validity = slices.Clone(v.Reasons), slices.Clone(v.Gates), slices.Clone(v.Validity)
	for i := range v.Reasons {
		v.Reasons[i] = v.Reasons[i].In(w)
	}
	for i := range v.Gates {
		v.Gates[i].Reason = v.Gates[i].Reason.In(w)
	}
	for i := range v.Validity {
		v.Validity[i].Why = v.Validity[i].Why.In(w)
	}
	return v
}

// keepDecision gives a gate that is open at the end the answer of an earlier look at
// the same question. What came later may have carried the estimate back towards
// the limit; stopping at the first sure look is only fair if that look counts. Turns
// that were lost are only counted, and the end knows more of them.
func keepDecision(g Gate, p Policy, e Evidence) Gate {
	if !p.Anytime || g.Verdict != Inconclusive || RuleOf(g.Name).Kind != Bounded || !e.explainVoid().IsZero() {
		return g
	}
	for _, d := range e.Decided {
		if d.Gate == g.Name && d.Limit == g.Limit && d.Confidence == p.Confidence {
			return g.decide(d.Verdict, "decided_early", "why", d.Reason, "after", d.AfterS)
		}
	}
	return g
}

// takeBack takes back an answer that the run's load cannot carry: what voids a
// gate leaves it open either way, what may be the generator's fault takes back
// a FAIL alone. A generator that is late measures too much, never too little.
func takeBack(g Gate, r *validity.Report) Gate {
	if r == nil {
		return g
	}
	for _, l := range r.Lines {
		if slices.Contains(l.Voids, g.Name) || g.Verdict == Fail && slices.Contains(l.Doubts, g.Name) {
			return g.decideFor(Inconclusive, l.Reason())
		}
	}
	return g
}

// explain collects why the verdict is not PASS: broken gates, then caveats of the
// run, then gates that could not be decided for a reason of their own.
func (v *Verdict) explain(caveats []reason.Reason) {
	if len(v.Gates) == 0 {
		caveats = append(caveats, reason.New("no_gates"))
	}
	if len(caveats) > 0 {
		v.Verdict = v.Verdict.WorseOf(Inconclusive)
	}
	v.addAnswers(Fail, nil)
	v.Reasons = append(v.Reasons, caveats...)
	v.addAnswers(Inconclusive, caveats)
}

// addAnswers adds the reasons of the gates with a result, but those already told.
func (v *Verdict) addAnswers(r Result, told []reason.Reason) {
	gravest := slices.Clone(v.Gates)
	slices.SortStableFunc(gravest, func(a, b Gate) int { return cmp.Compare(RuleOf(b.Name).Gravity, RuleOf(a.Name).Gravity) })
	for _, g := range gravest {
		if g.Verdict == r && !slices.ContainsFunc(told, g.Reason.Equal) {
			why := g.Reason
			why.Gate = g.Name
			v.Reasons = append(v.Reasons, why)
		}
	}
}
