package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
)

// VerdictOrder is the order in which a comparison is read.
var VerdictOrder = []compare.Verdict{compare.Worse, compare.Better, compare.NoChange, compare.NoData}

// SelectLines returns the lines with the given verdict, in their order.
func SelectLines(r compare.Report, v compare.Verdict) []compare.Line {
	return slices.DeleteFunc(slices.Clone(r.Lines), func(l compare.Line) bool { return l.Verdict != v })
}

// LineName says what a line compares.
func LineName(l compare.Line, w noun.Words) string {
	switch {
	case l.Group == compare.Latencies && l.Name == "updates":
		return "latency of all " + w.Updates()
	case l.Group == compare.Latencies && l.Name == "reads":
		return "latency of reads"
	case l.Group == compare.Latencies && l.Name == "response":
		return "response time"
	case l.Group == compare.Latencies:
		return ShortenText(l.Name, 20) + " latency"
	case l.Group == compare.Shares:
		return ShortenText(l.Name, 20) + " share"
	}
	return ShortenText(l.Name, 20)
}

// FormatInterval writes the bounds of a difference. A bound is open when there
// are too few samples for one.
func FormatInterval(l compare.Line) string {
	if l.Lower == nil && l.Upper == nil {
		return amount.Absent
	}
	return l.Unit.FormatSigned(l.Lower) + " … " + l.Unit.FormatSigned(l.Upper)
}

// FormatEffect writes the size of a difference, as a word and as a number.
func FormatEffect(l compare.Line) string {
	if l.Effect == nil {
		return amount.Absent
	}
	return l.Effect.Words + " " + EffectSize(l)
}

func EffectSize(l compare.Line) string {
	if l.Effect == nil {
		return amount.Absent
	}
	size := fmt.Sprintf("%.2f", math.Abs(l.Effect.Value))
	if l.Effect.Value <= -0.005 {
		return "−" + size
	}
	return size
}

// FormatDetectable writes the smallest worsening that the comparison could
// have detected.
func FormatDetectable(l compare.Line) string {
	if l.Detectable == nil {
		return amount.Absent
	}
	if *l.Detectable < 0 {
		return l.Unit.FormatSigned(l.Detectable)
	}
	return l.Unit.FormatDifference(*l.Detectable)
}

// FormatRelative writes how much worse a line is, as a share of the base.
func FormatRelative(l compare.Line) string {
	switch {
	case l.Relative == nil:
		return amount.Absent
	case *l.Relative < 0:
		return "−" + amount.Percent(-*l.Relative)
	}
	return "+" + amount.Percent(*l.Relative)
}

// DecideComparison returns the result of a comparison in a word and a
// sentence.
func DecideComparison(r compare.Report) Decision {
	w := r.Words
	d := Decision{Word: strings.ToUpper(string(r.Verdict))}
	switch r.Verdict {
	case compare.Worse, compare.Better:
		lines := SelectLines(r, r.Verdict)
		d.Sentence = describeLine(findClearest(lines), w)
		if more := len(lines) - 1; more > 0 {
			d.Sentence += " " + reason.Capitalize(amount.Plural(more, "other line is", "other lines are")) + " " +
				string(r.Verdict) + " too."
		}
		if n := r.Count(compare.Better); n > 0 && r.Verdict == compare.Worse {
			d.Sentence += " " + reason.Capitalize(amount.Plural(n, "line is", "lines are")) + " better."
		}
	case compare.NoChange:
		d.Sentence = describeUnchanged(r)
	default:
		d.Sentence = "One of the runs has nothing to compare."
	}
	return d
}

// describeUnchanged says how large a change the comparison could have missed.
func describeUnchanged(r compare.Report) string {
	w := r.Words
	if r.IsBlind() {
		return "There are too few " + w.Updates() + " to detect any change of the time they take, however large."
	}
	for _, l := range r.Lines {
		if l.Group == compare.Latencies && l.Name == "updates" && l.Detectable != nil {
			return fmt.Sprintf("Had the %s, %s in the base, become %s slower, this comparison would have found it in 80 of 100 cases.",
				w.Updates(), l.Unit.Write(l.Base.Estimate), FormatDetectable(l))
		}
	}
	return "No line differs by more than the noise."
}

// findClearest returns the line that shows the change best: a proven one
// before an estimated one and, of the estimated ones, what users feel most.
func findClearest(lines []compare.Line) compare.Line {
	return slices.MaxFunc(lines, func(a, b compare.Line) int { return cmp.Compare(rankGravity(a), rankGravity(b)) })
}

// rankGravity returns the gravity of a line, which is that of its gate. The
// latency of all updates comes before the p95, which depends only on the
// slowest of them.
func rankGravity(l compare.Line) float64 {
	switch {
	case l.Group == compare.Gates:
		return float64(gate.RuleOf(l.Name).Gravity)
	case l.Group == compare.Latencies && l.Name == "updates":
		return float64(gate.RuleOf(gate.P95).Gravity) + 0.5
	}
	return 0
}

// describeLine says what a line found, in a sentence.
func describeLine(l compare.Line, w noun.Words) string {
	if l.Reason != "" {
		return ShortenText(reason.Sentence(l.Reason), Longest)
	}
	if l.Group == compare.Latencies && l.Difference != nil {
		than := "longer"
		if *l.Difference < 0 {
			than = "shorter"
		}
		return fmt.Sprintf(
			"%s: %s %s than the base's %s (%s).",
			reason.Capitalize(LineName(l, w)),
			l.Unit.FormatDifference(*l.Difference),
			than,
			l.Unit.Write(l.Base.Estimate),
			FormatInterval(l),
		)
	}
	return fmt.Sprintf(
		"%s: %s after %s (%s).",
		reason.Capitalize(LineName(l, w)),
		l.Unit.Write(l.Run.Estimate),
		l.Unit.Write(l.Base.Estimate),
		FormatInterval(l),
	)
}

// ExplainRules returns the rules by which the verdicts were reached.
func ExplainRules(r compare.Report) []string {
	tested := 0
	for _, l := range r.Lines {
		if l.P != nil {
			tested++
		}
	}
	return []string{
		fmt.Sprintf(
			"A line is worse or better only when its whole interval lies beyond the noise, %s of the base "+
				"and for latencies at least %s; %s sure over all %s together (Holm).",
			amount.Percent(r.Noise.Relative),
			amount.Milliseconds(float64(r.Noise.Latency)/1e6),
			amount.Percent(r.Confidence),
			amount.Plural(tested, "tested line", "tested lines"),
		),
		"Seen from is the smallest worsening that 80 of 100 such comparisons would call one.",
		"Latencies: medians; the difference is the Hodges–Lehmann shift, tested by Mann–Whitney. " +
			"Rates: Newcombe's interval from exact bounds. pp: percentage points.",
	}
}

// SubjectWords describes one of the runs.
func SubjectWords(s compare.Subject, w noun.Words) string {
	parts := []string{"build " + ShortenText(OrNone(s.Build), 60)}
	if s.Fault != "" {
		parts = append(parts, "broken on purpose ("+ShortenText(s.Fault, 60)+")")
	}
	if s.Verdict != "" {
		parts = append(parts, ShortenText(string(s.Verdict), 20))
	}
	parts = append(parts, w.CountUpdates(s.Updates))
	if !s.Start.IsZero() {
		parts = append(parts, s.Start.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(parts, ", ")
}

func OrNone(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// ExplainForced returns the warning that unlike runs were compared, with their
// differences; nil when they are alike.
func ExplainForced(r compare.Report) []string {
	if !r.IsForced() {
		return nil
	}
	lines := []string{"FORCED: these runs are unlike, so a difference may come from the load and not from the server."}
	for _, d := range r.Unlike {
		lines = append(lines, ShortenText(d.String(), Longest))
	}
	return lines
}

// explainUnknownChange says why a comparison that found nothing worse cannot
// tell whether the limit is kept; empty when it can.
func explainUnknownChange(r compare.Report) string {
	switch why := r.ExplainUnchecked(); {
	case r.IsBlind():
		return "there are too few " + r.Words.Updates()
	case why != "":
		return ShortenText(why, Longest)
	}
	return ""
}

// DescribeLimit says whether --fail-if-worse failed.
func DescribeLimit(r compare.Report) string {
	switch {
	case r.Limit == nil:
		return ""
	case len(r.Failed) > 0:
		return fmt.Sprintf("Worse by more than %s of the base: %s.", amount.Percent(*r.Limit), strings.Join(r.Failed, ", "))
	}
	if why := explainUnknownChange(r); why != "" {
		return fmt.Sprintf("Whether anything is worse by more than %s of the base cannot be told: %s.", amount.Percent(*r.Limit), why)
	}
	return fmt.Sprintf("Nothing is worse by more than %s of the base.", amount.Percent(*r.Limit))
}
