package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// decision is the verdict for a reader who is no engineer.
type decision struct {
	Word     string // GO, NO-GO or CANNOT TELL
	Sentence string
}

// decide puts a verdict into plain words. Nothing is decided here: the numbers
// are those of the gates.
func decide(run Run) decision {
	switch run.Verdict.Verdict {
	case gate.Pass:
		return decision{"GO", passed(run)}
	case gate.Fail:
		return decision{"NO-GO", failed(run)}
	}
	return decision{"CANNOT TELL", undecided(run)}
}

// tested names what the decision is about; empty without a manifest.
func tested(run Run) string {
	m := run.Manifest
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("This is about build %s of %s", short(orUnknown(m.TargetBuild), 60), short(orUnknown(m.Spec.Target), 120))
	if !m.Start.IsZero() {
		text += ", tested on " + moment8601(m.Start)
	}
	return text + "."
}

// passed says what is known and how surely: the proof first, then errors and
// speed. Each bound is as sure as it says by itself, not both together.
func passed(run Run) string {
	var parts []string
	var sure []string
	for i := range run.Verdict.Gates {
		g := &run.Verdict.Gates[i]
		switch text := strings.TrimSuffix(claim(run, *g), "."); {
		case gate.RuleOf(g.Name).Kind == gate.None:
			parts = append(parts, text)
		case gate.RuleOf(g.Name).Kind == gate.Bounded && len(sure) < 2:
			sure = append(sure, lowerFirst(text))
		}
	}
	if len(sure) > 0 {
		parts = append(parts, surely(run.Verdict)+" that "+strings.Join(sure, ", and as sure that "))
	}
	if len(parts) == 0 {
		return "Every gate that was asked is kept."
	}
	return upperFirst(strings.Join(parts, "; ")) + "."
}

func gateNamed(run Run, name string) *gate.Gate {
	i := slices.IndexFunc(run.Verdict.Gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &run.Verdict.Gates[i]
}

// failed names the gravest broken gate: an anomaly is a proof and not a matter
// of degree.
func failed(run Run) string {
	var broken []gate.Gate
	for _, g := range run.Verdict.Gates {
		if g.Verdict == gate.Fail {
			broken = append(broken, g)
		}
	}
	if len(broken) == 0 {
		return sentence(first(run.Verdict.Reasons, "no reason is given"))
	}
	worst := gravestFirst(broken)[0]
	text := claim(run, worst) + clearestCase(run, worst)
	if proven(worst) && worst.Blame == "" {
		text = upperFirst(surely(run.Verdict)) + " that " + lowerFirst(text)
	}
	if more := len(broken) - 1; more > 0 {
		text += " " + upperFirst(amount.Plural(more, "other limit is", "other limits are")) + " broken too."
	}
	return text
}

// undecided names the first thing that is missing.
func undecided(run Run) string {
	v := run.Verdict
	reason := first(v.Reasons, "nothing has been decided about this run")
	for _, g := range v.Gates {
		if reason == g.Name+": "+g.Reason {
			return "Too little is known. " + claim(run, g) + sureOfRange(v, g)
		}
	}
	return sentence(reason)
}

// sureOfRange says how sure the ends of the range are that a reason names; empty
// where it names none.
func sureOfRange(v gate.Verdict, g gate.Gate) string {
	if g.Lower == nil || g.Upper == nil || !strings.Contains(g.Reason, g.Write(g.Upper)) {
		return ""
	}
	text := " " + upperFirst(surely(v)) + " that it is not more"
	if *g.Lower > 0 {
		text += ", and as sure that it is not less"
	}
	return text + "."
}

// surely is how sure a bound is, in words.
func surely(v gate.Verdict) string { return "we are " + amount.Percent(v.Confidence) + " sure" }

// kept and proven report whether the bounds at the end of the run say what the
// verdict says. What an earlier look decided may have drifted back since; then
// the gate's own words tell.
func kept(g gate.Gate) bool {
	return g.Verdict == gate.Pass && g.Upper != nil && *g.Upper < g.Limit
}

func proven(g gate.Gate) bool {
	return g.Verdict == gate.Fail && g.Lower != nil && *g.Lower > g.Limit
}

// claim says in a plain sentence what a gate found.
func claim(run Run, g gate.Gate) string {
	upper, lower, limit := g.Write(g.Upper), g.Write(g.Lower), g.Write(&g.Limit)
	kept, broken := kept(g), proven(g)
	switch {
	case g.Blame != "":
		return sentence(g.Blame)
	case g.Name == gate.ErrorRate && kept:
		return "Fewer than " + upper + " of moves fail."
	case g.Name == gate.ErrorRate && broken:
		return "More than " + lower + " of moves fail; the limit is " + limit + "."
	case g.Name == gate.P95 && kept:
		return "95 of 100 moves are answered within " + upper + "."
	case g.Name == gate.P95 && broken:
		return "At least 5 of 100 moves take " + lower + " or longer; the limit is " + limit + "."
	case g.Name == gate.ConflictRate && kept:
		return "Fewer than " + upper + " of moves are refused because somebody else was faster."
	case g.Name == gate.ConflictRate && broken:
		return "More than " + lower + " of moves are refused because somebody else was faster; the limit is " + limit + "."
	case g.Name == gate.AnomalyCount:
		return promises(run, g)
	case g.Name == gate.P95:
		return sentence(strings.Replace(g.Reason, "the p95", "the time that 95 of 100 moves take", 1))
	}
	return sentence(g.Reason)
}

// promises says whether the server kept what optimistic concurrency promises.
func promises(run Run, g gate.Gate) string {
	switch {
	case g.Verdict == gate.Pass && len(run.Verdict.Tolerated) == 0:
		return "The server broke no promise in " + amount.Plural(g.N, "recorded operation", "recorded operations") + "."
	case g.Verdict != gate.Fail || len(anomalies(run)) == 0 || g.Estimate == nil:
		return sentence(g.Reason)
	}
	return "The server broke its promises " + amount.Plural(int(*g.Estimate), "time", "times") + "."
}

// clearestCase tells the gravest finding; empty for other gates than that of the
// anomalies.
func clearestCase(run Run, g gate.Gate) string {
	if g.Name != gate.AnomalyCount {
		return ""
	}
	f := gravest(anomalies(run), run.Verdict)
	switch {
	case f == nil || f.Sentence == "":
		return ""
	case f.Probed:
		return " The probe has proven it: " + lowerFirst(sentence(f.Sentence))
	}
	return " The clearest case: " + lowerFirst(sentence(f.Sentence))
}

// sentence makes a sentence of a reason. One that begins with the name or path of
// a file keeps it as it is: there is no History.csv.
func sentence(reason string) string {
	text := strings.TrimRight(short(reason, longest), ". ") + "."
	if word, _, _ := strings.Cut(text, " "); strings.ContainsAny(strings.TrimRight(word, "."), "./") {
		return text
	}
	return upperFirst(text)
}

func first(texts []string, otherwise string) string {
	if len(texts) == 0 {
		return otherwise
	}
	return texts[0]
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
