// Package gate turns a policy and the evidence of a run into a verdict: PASS,
// FAIL or INCONCLUSIVE, with the reasons.
//
// Its opinion: unknown is never success. A limit is kept when the bound on the
// bad side is below it, broken when the other bound is above it, and everything
// else, too few moves, no moves, a run that was cut short, an audit that is
// missing, is INCONCLUSIVE and says what would decide it.
//
// The package is pure: the same policy and evidence give the same verdict.
package gate

// Result is the answer of one gate or of all.
type Result string

// The results. Over gates and over stages FAIL outweighs INCONCLUSIVE, which
// outweighs PASS.
const (
	Pass         Result = "PASS"
	Inconclusive Result = "INCONCLUSIVE"
	Fail         Result = "FAIL"
)

// Worse returns the result that outweighs the other. What is no result counts
// as INCONCLUSIVE.
func (r Result) Worse(other Result) Result {
	if r.weight() >= other.weight() {
		return r.known()
	}
	return other.known()
}

func (r Result) weight() int {
	switch r.known() {
	case Pass:
		return 0
	case Fail:
		return 2
	}
	return 1
}

// Known reports whether it is a result at all.
func (r Result) Known() bool { return r == Pass || r == Inconclusive || r == Fail }

func (r Result) known() Result {
	if r == Pass || r == Fail {
		return r
	}
	return Inconclusive
}

// Gate is one question and its answer. Rates are ratios 0–1, p95_ms is in
// milliseconds, counts are counts. Estimate, Lower and Upper are nil, null in
// JSON, where they do not exist: no data, a quantile that so few samples do not
// bound or that falls among moves without an answer, a gate that only counts.
type Gate struct {
	Name     string   `json:"name"`
	Estimate *float64 `json:"estimate"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
	N        int      `json:"n"`

	// Effective is how many independent samples tell as much as the N at hand, which
	// may cluster in time; absent where a gate counts.
	Effective int `json:"n_effective,omitempty"`

	Limit   float64 `json:"limit"`
	Verdict Result  `json:"verdict"`
	Reason  string  `json:"reason"`
	Blame   string  `json:"blame,omitempty"` // who is to blame for a FAIL, when it is not the server
}

func (g Gate) say(verdict Result, reason string) Gate {
	g.Verdict, g.Reason = verdict, reason
	return g
}

// The names of the gates, in the order in which they are judged and shown.
const (
	ErrorRate    = "error_rate"
	P95          = "p95_ms"
	ConflictRate = "conflict_rate"
	Recovery     = "recovery"
	AnomalyCount = "anomalies"
	Telemetry    = "telemetry"
	Alarms       = "alarms"
	UX           = "ux"
)

// rule is how one gate is judged.
type rule struct {
	name  string
	judge func(Policy, Evidence) Gate
	asked func(Evidence) bool // nil: of every run
}

var rules = []rule{
	{name: ErrorRate, judge: judgeErrorRate},
	{name: P95, judge: judgeP95},
	{name: ConflictRate, judge: judgeConflictRate},
	{name: Recovery, judge: judgeRecovery},
	{name: AnomalyCount, judge: judgeAnomalies},
	{name: Telemetry, judge: judgeTelemetry, asked: pulled},
	{name: Alarms, judge: judgeAlarms, asked: watched},
	{name: UX, judge: judgeUX, asked: browsed},
}

// Names returns the names of all gates in their order; the caller owns the
// slice.
func Names() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}
