package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
)

// Findings writes what the checker decided about a history: the verdict in the
// first line, then each broken invariant with the clearest case of it.
func Findings(w io.Writer, r check.Report) error {
	var b strings.Builder
	findingsVerdict(&b, &r)
	for _, f := range shown(&r) {
		b.WriteString("\n")
		findingText(&b, &f)
	}
	for _, line := range doubtful(&r) {
		b.WriteString("\n")
		hang(&b, "", line)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the findings as text: %w", err)
	}
	return nil
}

// shown returns the findings of a report. Those of a history that cannot be
// judged are no verdict, but what they show cannot be healed either.
func shown(r *check.Report) []check.Anomaly {
	if r.Judged {
		return r.Anomalies
	}
	return r.Withheld
}

// anomalies returns what was proven of a run: in the load by the checker, then before
// it by the probe.
func anomalies(run Run) []check.Anomaly {
	var found []check.Anomaly
	if run.Findings != nil {
		found = slices.Clone(shown(run.Findings))
	}
	if run.Probe == nil {
		return found
	}
	for i := range run.Probe.Defects {
		d := &run.Probe.Defects[i]
		f := check.Anomaly{ID: d.ID, Probed: true, Count: 1, Sentence: d.Sentence, Operations: d.Proof}
		if len(d.Proof) > 0 {
			f.Record = d.Proof[0].Record
		}
		for _, v := range check.Invariants() {
			if v.ID == d.ID {
				f.Title, f.Fix = v.Title, v.Fix
			}
		}
		found = append(found, f)
	}
	return found
}

func findingsVerdict(b *strings.Builder, r *check.Report) {
	of := fmt.Sprintf("%s, %s, %s", amount.Plural(int(r.Operations), "operation", "operations"), amount.Plural(int(r.Updates), "move", "moves"), amount.Plural(r.Records, "card", "cards"))
	switch {
	case !r.Judged:
		hang(b, string(gate.Inconclusive)+"  ", "the history cannot be judged ("+of+")")
		for _, why := range r.Why {
			hang(b, "  - ", short(why, longest))
		}
	case len(r.Anomalies) == 0:
		hang(b, string(gate.Pass)+"  ", "no anomaly ("+of+")")
	default:
		hang(b, string(gate.Fail)+"  ", amount.Plural(len(r.Anomalies), "invariant is broken", "invariants are broken")+" ("+of+")")
	}
	if !r.Judged && len(r.Withheld) > 0 {
		hang(b, "  ! ", "what follows cannot be healed by what is missing, but it is not a verdict")
	}
}

func findingText(b *strings.Builder, f *check.Anomaly) {
	hang(b, f.ID.String()+"  ", findingTitle(f))
	if f.Sentence != "" {
		hang(b, "  ", short(f.Sentence, longest))
	}
	lanesText(b, f)
	if by := replay(Run{}, f, width-4); len(by) > 0 {
		b.WriteString("  by hand:\n")
		indented(b, by)
	}
	hang(b, "  fix: ", clean(f.Fix))
}

// findingTitle names a finding, how often it was found and where the case that
// is shown is.
func findingTitle(f *check.Anomaly) string {
	if f.Probed {
		return clean(f.Title) + ", proven by the probe on card " + short(f.Record, 24)
	}
	text := clean(f.Title) + ", " + amount.Plural(int(f.Count), "case", "cases")
	if f.Count > 1 {
		text += "; the clearest"
	}
	if f.Record != "" {
		text += " on card " + short(f.Record, 24)
	}
	return text + lineNumbers(f)
}

// lineNumbers says where the operations of a proof are in history.csv.
func lineNumbers(f *check.Anomaly) string {
	var lines []string
	for _, e := range f.Operations {
		lines = append(lines, fmt.Sprint(e.Line))
	}
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return " in line " + lines[0] + " of history.csv"
	}
	return " in lines " + strings.Join(lines, ", ") + " of history.csv"
}

// doubtful says what the checker left undecided.
func doubtful(r *check.Report) []string {
	var lines []string
	if r.Unproven > 0 {
		lines = append(lines, fmt.Sprintf("%s, a 409 for a version that nobody had seen before, neither right nor wrong for certain; not counted as anomalies",
			amount.Plural(int(r.Unproven), "refusal is unproven", "refusals are unproven")))
	}
	for _, a := range r.SetAside {
		lines = append(lines, fmt.Sprintf("set aside %s: %s; the first is of card %s, and what it is about is not judged to the end",
			amount.Plural(int(a.Count), "time", "times"), a.What, a.Record))
	}
	if r.Shared {
		lines = append(lines, fmt.Sprintf("the board is shared: %s made by others; only what holds whatever they did is an anomaly",
			amount.Plural(int(r.Foreign), "version was", "versions were")))
	}
	return lines
}
