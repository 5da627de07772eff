package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
)

// SortGravestFirst returns the gates with the gravest first and the others in
// their order: a proof comes before an estimate.
func SortGravestFirst(gates []gate.Gate) []gate.Gate {
	if len(gates) == 0 {
		return nil
	}
	at := 0
	for i := range gates {
		if gate.RuleOf(gates[i].Name).Gravity > gate.RuleOf(gates[at].Name).Gravity {
			at = i
		}
	}
	return slices.Concat(gates[at:at+1], gates[:at], gates[at+1:])
}

// SortFailingFirst returns the gates in the order failing, open, passing; in
// each group the gravest comes first.
func SortFailingFirst(gates []gate.Gate) []gate.Gate {
	all := SortGravestFirst(gates)
	slices.SortStableFunc(all, func(a, b gate.Gate) int { return rankResult(a.Verdict) - rankResult(b.Verdict) })
	return all
}

func rankResult(r gate.Result) int {
	return slices.Index([]gate.Result{gate.Fail, gate.Inconclusive, gate.Pass}, r)
}

// Decision is the verdict for a reader who is no engineer.
type Decision struct {
	Word     string
	Sentence string
}

// Decide puts a verdict into plain words. Nothing is decided here: the numbers
// are those of the gates.
func Decide(run Run) Decision {
	d := Decision{Word: string(run.Verdict.Verdict.WorseOf(gate.Pass))}
	switch run.Verdict.Verdict {
	case gate.Pass:
		d.Sentence = describePass(run)
	case gate.Fail:
		d.Sentence = describeFail(run)
	default:
		d.Sentence = describeUndecided(run)
	}
	return d
}

// DescribeTested names what was tested; empty without a manifest.
func DescribeTested(run Run) string {
	m := run.Manifest
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("This is about build %s of %s", ShortenText(OrUnknown(m.TargetBuild), 60),
		ShortenText(OrUnknown(m.Spec.Target), 120))
	if !m.Start.IsZero() {
		text += ", tested on " + formatTime(m.Start)
	}
	return text + "."
}

// describePass says what is proven and with which confidence: invariants
// first, then errors and speed. The confidence holds for each bound
// separately, not for both together.
func describePass(run Run) string {
	var parts, sure []string
	for i := range run.Verdict.Gates {
		g := &run.Verdict.Gates[i]
		switch clause := ShortenText(g.Reason.Clause(), Longest); gate.RuleOf(g.Name).Kind {
		case gate.None:
			parts = append(parts, clause)
		case gate.Bounded:
			sure = append(sure, clause)
		}
	}
	if len(sure) > 0 {
		parts = append(parts, formatConfidence(run.Verdict)+" that "+strings.Join(sure[:min(len(sure), 2)], ", and as sure that "))
	}
	if len(parts) == 0 {
		return "Every gate that was asked is kept."
	}
	return reason.Sentence(strings.Join(parts, "; "))
}

// describeFail names the gravest gate that failed: an anomaly first, because
// it is a proof.
func describeFail(run Run) string {
	broken := SortGravestFirst(slices.DeleteFunc(slices.Clone(run.Verdict.Gates), func(g gate.Gate) bool { return g.Verdict != gate.Fail }))
	if len(broken) == 0 {
		return firstReason(run, "no reason is given")
	}
	worst := &broken[0]
	text := FormatClaim(run, worst) + describeClearestCase(run, worst)
	if worst.Blame == "" && worst.Reason.Is("rate_above", "p95_above") {
		text = reason.Sentence(formatConfidence(run.Verdict) + " that " + ShortenText(worst.Reason.Clause(), Longest))
	}
	if more := len(broken) - 1; more > 0 {
		text += " " + reason.Sentence(amount.Plural(more, "other limit is", "other limits are")+" broken too")
	}
	return text
}

// describeUndecided names the first thing that is missing.
func describeUndecided(run Run) string {
	v := run.Verdict
	if len(v.Reasons) > 0 {
		if g := FindGate(run, v.Reasons[0].Gate); g != nil {
			return "Not enough data. " + FormatClaim(run, g) + describeRangeConfidence(v, g)
		}
	}
	return firstReason(run, "nothing has been decided about this run")
}

// firstReason returns the first reason of a verdict as a sentence.
func firstReason(run Run, otherwise string) string {
	if len(run.Verdict.Reasons) == 0 {
		return reason.Sentence(otherwise)
	}
	return ShortenText(run.Verdict.Reasons[0].Sentence(), Longest)
}

// describeRangeConfidence says with which confidence the range in a reason
// holds; empty when the reason has none.
func describeRangeConfidence(v gate.Verdict, g *gate.Gate) string {
	if !g.Reason.Is("rate_open", "p95_open") || g.Lower == nil || g.Upper == nil {
		return ""
	}
	if *g.Lower > 0 {
		return " " + reason.Sentence(formatConfidence(v)+" of each end")
	}
	return " " + reason.Sentence(formatConfidence(v)+" of the upper end")
}

// formatConfidence returns the confidence of the bounds, in words.
func formatConfidence(v gate.Verdict) string {
	return "we are " + amount.Percent(v.Confidence) + " sure"
}

// FormatClaim says in a plain sentence what a gate found. It tells of broken
// invariants in full, for readers who do not see the anomalies.
func FormatClaim(run Run, g *gate.Gate) string {
	if g.Verdict == gate.Fail && gate.RuleOf(g.Name).Kind == gate.None && len(Anomalies(run)) == 0 {
		return ShortenText(reason.Sentence(g.Reason.String()), Longest)
	}
	return ShortenText(g.Reason.Sentence(), Longest)
}

// describeClearestCase describes the gravest anomaly; empty for all gates but
// that of the anomalies.
func describeClearestCase(run Run, g *gate.Gate) string {
	if g.Name != gate.AnomalyCount {
		return ""
	}
	f := FindGravest(Anomalies(run), run.Verdict)
	switch {
	case f == nil || f.Sentence == "":
		return ""
	case f.Probed:
		return " The probe has proven it: " + toClause(f.Sentence)
	}
	return " The clearest case: " + toClause(f.Sentence)
}

// toClause returns a sentence of the checker in the form of a clause, to end
// another sentence.
func toClause(sentence string) string {
	return ShortenText(strings.TrimSuffix(sentence, "."), Longest) + "."
}
