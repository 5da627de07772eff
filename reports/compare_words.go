package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
)

// verdictOrder is the order in which a comparison is read.
var verdictOrder = []compare.Verdict{compare.Worse, compare.Better, compare.NoChange, compare.NoData}

// linesOf returns the lines with a verdict, in their order.
func linesOf(r compare.Report, v compare.Verdict) []compare.Line {
	return slices.DeleteFunc(slices.Clone(r.Lines), func(l compare.Line) bool { return l.Verdict != v })
}

// lineName says what a line compares.
func lineName(l compare.Line) string {
	switch {
	case l.Group == compare.Latencies && l.Name == "moves":
		return "latency of all moves"
	case l.Group == compare.Latencies && l.Name == "reads":
		return "latency of reads"
	case l.Group == compare.Latencies && l.Name == "response":
		return "response time"
	case l.Group == compare.Latencies:
		return short(l.Name, 20) + " latency"
	case l.Group == compare.Shares:
		return short(l.Name, 20) + " share"
	}
	return short(l.Name, 20)
}

// amount writes a value of a line in its unit.
func amount(l compare.Line, v *float64) string {
	switch {
	case v == nil:
		return absent
	case l.Unit == compare.MS:
		return gate.Milliseconds(*v)
	case l.Unit == compare.Cases:
		return gate.Count(int(*v))
	}
	return gate.Percent(*v)
}

// signed writes a difference with its sign; that of two shares in percentage
// points, lest +1 % be read as a hundredth of the share.
func signed(l compare.Line, v *float64) string {
	if v == nil {
		return absent
	}
	size := math.Abs(*v)
	text := amount(l, &size)
	if l.Unit == compare.Ratio {
		text = strings.TrimSuffix(text, "%") + "pp"
	}
	switch {
	case *v > 0:
		return "+" + text
	case *v < 0:
		return "−" + text
	}
	return text
}

// interval writes the bounds of a difference; an open end is where so few
// samples have none.
func interval(l compare.Line) string {
	if l.Lower == nil && l.Upper == nil {
		return absent
	}
	return signed(l, l.Lower) + " … " + signed(l, l.Upper)
}

func effect(l compare.Line) string {
	if l.Effect == nil {
		return absent
	}
	value := strings.TrimPrefix(fmt.Sprintf("%.2f", l.Effect.Value), "-")
	if l.Effect.Value <= -0.005 {
		value = "−" + value
	}
	return clean(l.Effect.Words) + " " + value
}

// detectable writes the smallest worsening that would have been seen.
func detectable(l compare.Line) string {
	if l.Detectable == nil {
		return absent
	}
	return strings.TrimPrefix(signed(l, l.Detectable), "+")
}

// relative writes how much worse a line is as a share of the base.
func relative(l compare.Line) string {
	switch {
	case l.Relative == nil:
		return absent
	case *l.Relative < 0:
		return "−" + gate.Percent(-*l.Relative)
	}
	return "+" + gate.Percent(*l.Relative)
}

// comparison is the answer in a word and a sentence.
func comparison(r compare.Report) decision {
	d := decision{Word: strings.ToUpper(string(r.Verdict))}
	switch r.Verdict {
	case compare.Worse, compare.Better:
		lines := linesOf(r, r.Verdict)
		d.Sentence = finding(clearest(lines))
		if more := len(lines) - 1; more > 0 {
			d.Sentence += " " + upperFirst(plural(more, "other line is", "other lines are")) + " " + string(r.Verdict) + " too."
		}
		if n := r.Count(compare.Better); n > 0 && r.Verdict == compare.Worse {
			d.Sentence += " " + upperFirst(plural(n, "line is", "lines are")) + " better."
		}
	case compare.NoChange:
		d.Sentence = unchanged(r)
	default:
		d.Sentence = "One of the runs has nothing to compare."
	}
	return d
}

// unchanged says how large a change could have gone unseen.
func unchanged(r compare.Report) string {
	if r.Blind() {
		return "There are too few moves to detect any change of the time they take, however large."
	}
	for _, l := range r.Lines {
		if l.Group == compare.Latencies && l.Name == "moves" && l.Detectable != nil {
			return fmt.Sprintf("Had the moves, %s in the base, become %s slower, this comparison would have found it in 80 of 100 cases.",
				amount(l, l.Base.Estimate), detectable(l))
		}
	}
	return "No line differs by more than the noise."
}

// clearest prefers what is proven to what is estimated, and of the estimates
// what people feel.
func clearest(lines []compare.Line) compare.Line {
	for _, want := range [][2]string{
		{string(compare.Gates), gate.AnomalyCount}, {string(compare.Gates), gate.ErrorRate}, {string(compare.Latencies), "moves"},
		{string(compare.Gates), gate.P95}, {string(compare.Gates), gate.Recovery}, {string(compare.Gates), gate.ConflictRate},
	} {
		for _, l := range lines {
			if string(l.Group) == want[0] && l.Name == want[1] {
				return l
			}
		}
	}
	return lines[0]
}

// finding says what a line found, in a sentence.
func finding(l compare.Line) string {
	if l.Reason != "" {
		return sentence(l.Reason)
	}
	if l.Group == compare.Latencies && l.Difference != nil {
		than := "longer"
		if *l.Difference < 0 {
			than = "shorter"
		}
		return fmt.Sprintf("%s: %s %s than the base's %s (%s).", upperFirst(lineName(l)), strings.TrimLeft(signed(l, l.Difference), "+−"), than, amount(l, l.Base.Estimate), interval(l))
	}
	return fmt.Sprintf("%s: %s after %s (%s).", upperFirst(lineName(l)), amount(l, l.Run.Estimate), amount(l, l.Base.Estimate), interval(l))
}

// rules say how the verdicts came about.
func rules(r compare.Report) []string {
	tested := 0
	for _, l := range r.Lines {
		if l.P != nil {
			tested++
		}
	}
	return []string{
		fmt.Sprintf("A line is worse or better only when its whole interval lies beyond the noise, %s of the base and for latencies at least %s; %s sure over all %s together (Holm).",
			gate.Percent(r.Noise.Relative), gate.Milliseconds(float64(r.Noise.Latency)/1e6), gate.Percent(r.Confidence), plural(tested, "tested line", "tested lines")),
		"Seen from is the smallest worsening that 80 of 100 such comparisons would call one.",
		"Latencies: medians; the difference is the Hodges–Lehmann shift, tested by Mann–Whitney. Rates: Newcombe's interval from exact bounds. pp: percentage points.",
	}
}

// subjectWords describes one of the runs.
func subjectWords(s compare.Subject) string {
	parts := []string{"build " + short(orNone(s.Build), 60)}
	if s.Fault != "" {
		parts = append(parts, "broken on purpose ("+short(s.Fault, 60)+")")
	}
	if s.Verdict != "" {
		parts = append(parts, short(string(s.Verdict), 20))
	}
	parts = append(parts, plural(s.Moves, "move", "moves"))
	if !s.Start.IsZero() {
		parts = append(parts, s.Start.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// forced says loudly that unlike runs were compared.
func forced(r compare.Report) []string {
	if !r.Forced() {
		return nil
	}
	lines := []string{"FORCED: these runs are unlike, so a difference may come from the load and not from the server."}
	for _, d := range r.Unlike {
		lines = append(lines, short(d.String(), longest))
	}
	return lines
}

// unknownChange says why a comparison that found nothing worse keeps no limit;
// empty where it does.
func unknownChange(r compare.Report) string {
	switch why := r.Unchecked(); {
	case r.Blind():
		return "there are too few moves"
	case why != "":
		return short(why, longest)
	}
	return ""
}

// overLimit says whether --fail-if-worse failed.
func overLimit(r compare.Report) string {
	switch {
	case r.Limit == nil:
		return ""
	case len(r.Failed) > 0:
		return fmt.Sprintf("Worse by more than %s of the base: %s.", gate.Percent(*r.Limit), strings.Join(cleanAll(r.Failed), ", "))
	}
	if why := unknownChange(r); why != "" {
		return fmt.Sprintf("Whether anything is worse by more than %s of the base nobody can tell: %s.", gate.Percent(*r.Limit), why)
	}
	return fmt.Sprintf("Nothing is worse by more than %s of the base.", gate.Percent(*r.Limit))
}
