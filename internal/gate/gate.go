// Package gate turns a policy and the evidence of a run into a verdict: PASS,
// FAIL or INCONCLUSIVE, with the reasons.
//
// Its opinion: unknown is never success. A limit is kept when the bound on the
// bad side is below it, broken when the other bound is above it, and everything
// else, too few updates, no updates, a run that was cut short, an audit that is
// missing, is INCONCLUSIVE and says what would decide it.
//
// The package is pure: the same policy and evidence give the same verdict.
package gate

import (
	"cmp"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/reason"
)

// Result is the answer of one gate or of all.
type Result string

// The results. Over gates and over stages FAIL outweighs INCONCLUSIVE, which
// outweighs PASS.
const (
	Pass         Result = "PASS"
	Inconclusive Result = "INCONCLUSIVE"
	Fail         Result = "FAIL"
)

// WorseOf returns the worse of two results. What is no result counts as INCONCLUSIVE.
func (r Result) WorseOf(other Result) Result {
	if r.weight() >= other.weight() {
		return r.orInconclusive()
	}
	return other.orInconclusive()
}

// Compare orders results by what outweighs what: PASS, INCONCLUSIVE, FAIL.
func (r Result) Compare(other Result) int { return cmp.Compare(r.weight(), other.weight()) }

// ExitCode returns the code of a command that ends in the result.
func (r Result) ExitCode() int {
	switch r {
	case Pass:
		return exit.OK
	case Fail:
		return exit.Fail
	}
	return exit.Inconclusive
}

func (r Result) weight() int {
	switch r.orInconclusive() {
	case Pass:
		return 0
	case Fail:
		return 2
	}
	return 1
}

// IsKnown reports whether it is a result at all.
func (r Result) IsKnown() bool { return r == Pass || r == Inconclusive || r == Fail }

func (r Result) orInconclusive() Result {
	if r == Pass || r == Fail {
		return r
	}
	return Inconclusive
}

// Gate is one question and its answer. Estimate, Lower and Upper are nil, null in
// JSON, where they do not exist: no data, a quantile that so few samples do not
// bound or that falls among updates without an answer, a gate that only counts.
type Gate struct {
	Name     string   `json:"name"`
	Unit     Unit     `json:"unit"` // of the numbers
	Estimate *float64 `json:"estimate"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
	N        int      `json:"n"`

	// Effective is how many independent samples tell as much as the N at hand, which
	// may cluster in time; absent where a gate counts.
	Effective int `json:"n_effective,omitempty"`

	Limit   float64 `json:"limit"`
	Verdict Result  `json:"verdict"`

	Reason reason.Reason `json:"reason"`
	Blame  string        `json:"blame,omitempty"` // what is to blame for a FAIL, when it is not the server: BlamesLoad
}

// BlamesLoad is the blame of a load that no correct server could pass.
const BlamesLoad = "load"

// decide returns the gate with a verdict and the reason of a code.
func (g Gate) decide(verdict Result, code string, values ...any) Gate {
	return g.decideFor(verdict, reason.New(code, values...))
}

// decideFor returns the gate with a verdict and its reason.
func (g Gate) decideFor(verdict Result, why reason.Reason) Gate {
	g.Verdict, g.Reason = verdict, why
	return g
}

// Write writes one of the gate's numbers in its unit.
func (g *Gate) Write(v *float64) string { return g.unit().Write(v) }

// LimitText writes what the gate asks for.
func (g *Gate) LimitText() string {
	r := RuleOf(g.Name)
	switch r.Kind {
	case Every:
		return "all"
	case None:
		return "none"
	case Same:
		return "= " + g.Write(&g.Limit)
	}
	return "< " + g.Write(&g.Limit)
}

// unit is that of the gate's rule where the verdict does not say one.
func (g *Gate) unit() Unit {
	if g.Unit == "" {
		return RuleOf(g.Name).Unit
	}
	return g.Unit
}

// Write writes a number in the unit; one that does not exist is a dash.
func (u Unit) Write(v *float64) string {
	switch {
	case v == nil:
		return amount.Absent
	case u == MS:
		return amount.Milliseconds(*v)
	case u == Cases:
		return amount.Count(int(*v))
	}
	return amount.Percent(*v)
}

// FormatSigned returns a difference with its sign; that of two ratios in percentage points,
// because +1 % would be read as a hundredth of the ratio.
func (u Unit) FormatSigned(v *float64) string {
	switch {
	case v == nil:
		return amount.Absent
	case *v > 0:
		return "+" + u.FormatDifference(*v)
	case *v < 0:
		return "−" + u.FormatDifference(*v)
	}
	return u.FormatDifference(*v)
}

// FormatDifference returns the size of a difference without its sign.
func (u Unit) FormatDifference(v float64) string {
	v = math.Abs(v)
	if u == Ratio {
		return amount.Points(v)
	}
	return u.Write(&v)
}
