package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
)

// ListShown returns the anomalies that reports show of a check. An incomplete
// history has no verdict, but its proven anomalies are shown: missing
// operations cannot refute them.
func ListShown(r *check.Report) []check.Anomaly {
	if r.Judged {
		return r.Anomalies
	}
	return r.Withheld
}

// Anomalies returns what was proven of a run: in the load by the checker, then before
// it by the probe.
func Anomalies(run Run) []check.Anomaly {
	var found []check.Anomaly
	if run.Anomalies != nil {
		found = slices.Clone(ListShown(run.Anomalies))
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

// AnomalyTitle names an anomaly, how often it was found and where the case that
// is shown is.
func AnomalyTitle(f *check.Anomaly, w noun.Words) string {
	if f.Probed {
		return f.Title + ", proven by the probe on " + w.One() + " " + ShortenText(f.Record, 24)
	}
	text := f.Title + ", " + amount.Plural(int(f.Count), "case", "cases")
	if f.Count > 1 {
		text += "; the clearest"
	}
	if f.Record != "" {
		text += " on " + w.One() + " " + ShortenText(f.Record, 24)
	}
	return text + formatLineNumbers(f)
}

// formatLineNumbers returns the lines of history.csv that hold the operations
// of a proof.
func formatLineNumbers(f *check.Anomaly) string {
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

// ListDoubts returns what the checker left undecided.
func ListDoubts(r *check.Report, w noun.Words) []string {
	var lines []string
	if r.Unproven > 0 {
		lines = append(
			lines,
			fmt.Sprintf(
				"%s, a 409 for a version that no client had seen before, neither right nor wrong for certain; not counted as anomalies",
				amount.Plural(int(r.Unproven), "refusal is unproven", "refusals are unproven"),
			),
		)
	}
	for _, a := range r.SetAside {
		lines = append(lines, fmt.Sprintf("set aside %s: %s; the first is of %s %s, and what it is about is not judged to the end",
			amount.Plural(int(a.Count), "time", "times"), a.What, w.One(), a.Record))
	}
	if r.Unaudited {
		lines = append(
			lines,
			fmt.Sprintf(
				"without audits: an %s that was lost after the last read of its %s is not seen, and nothing rests on others having left "+
					"the %s alone",
				w.Change(),
				w.One(),
				w.Records(),
			),
		)
	}
	if r.Shared {
		lines = append(
			lines,
			fmt.Sprintf("the %s are shared: %s made by others; only what holds whatever they did is an anomaly", w.Records(),
				amount.Plural(int(r.Foreign), "version was", "versions were")),
		)
	}
	return lines
}

func FindGate(run Run, name string) *gate.Gate {
	i := slices.IndexFunc(run.Verdict.Gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &run.Verdict.Gates[i]
}

// FindGravest returns the first anomaly that fails the run, or else the first; nil
// without any.
func FindGravest(found []check.Anomaly, v gate.Verdict) *check.Anomaly {
	if len(found) == 0 {
		return nil
	}
	i := slices.IndexFunc(found, func(f check.Anomaly) bool { return !IsTolerated(v, &f) })
	return &found[max(i, 0)]
}

// IsTolerated reports whether the policy lets an anomaly pass.
func IsTolerated(v gate.Verdict, f *check.Anomaly) bool {
	return slices.Contains(v.Tolerated, f.ID.String())
}
