package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// demonstration is the banner of a run of occbench's own server.
const demonstration = "This tested occbench's own demo server, not your API."

// Partial is the caveat of a run that was ended early.
const Partial = "This run ended before its time."

// Headline returns the first words of a report: the verdict, and how many gates
// it rests on where the policy asks fewer than all.
func Headline(word string, v gate.Verdict) string {
	off, names := len(v.SwitchedOff), strings.Join(v.SwitchedOff, ", ")
	switch {
	case off == 0:
		return word
	case v.Verdict == gate.Pass:
		return fmt.Sprintf("%s of %s; %s switched off: %s", word, amount.Plural(len(v.Gates), "gate", "gates"), amount.Count(off), names)
	}
	return fmt.Sprintf("%s (%s switched off: %s)", word, amount.Plural(off, "gate", "gates"), names)
}

// Caveats returns what must be known before the verdict is believed. Every
// format shows it above its numbers.
func Caveats(run Run) []string {
	var lines []string
	if m := run.Manifest; m != nil && m.Spec.Store != "" {
		lines = append(lines, demonstration)
	}
	if m := run.Manifest; m != nil && m.Spec.Fault != "" {
		lines = append(lines, "The server was broken on purpose ("+ShortenText(m.Spec.Fault, 60)+"): this shows what a failure looks like.")
	}
	if run.Verdict.Partial {
		lines = append(lines, Partial)
	}
	return append(lines, listUnasked(run)...)
}

// listUnasked returns a line for each proven anomaly that the policy does not
// ask for.
func listUnasked(run Run) []string {
	if !IsSwitchedOff(run.Verdict, gate.AnomalyCount) {
		return nil
	}
	found := Anomalies(run)
	f := FindGravest(found, run.Verdict)
	if f == nil {
		return nil
	}
	var counts []string
	total := 0
	for i := range found {
		counts = append(counts, fmt.Sprintf("%s × %s", found[i].ID, amount.Count(int(found[i].Count))))
		total += int(found[i].Count)
	}
	text := fmt.Sprintf("The gate %s is switched off, and %s proven all the same (%s)", gate.AnomalyCount,
		amount.Plural(total, "anomaly was", "anomalies were"), strings.Join(counts, ", "))
	if f.Sentence == "" {
		return []string{text + "."}
	}
	return []string{text + ": " + toClause(f.Sentence)}
}

// IsSwitchedOff reports whether the policy switches a gate off.
func IsSwitchedOff(v gate.Verdict, name string) bool { return slices.Contains(v.SwitchedOff, name) }
