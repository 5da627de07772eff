package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
)

// textRecovery shows what became of the turns that met a conflict.
func textRecovery(b *strings.Builder, run Run) error {
	if run.Numbers == nil || run.Numbers.Recovery.Turns == 0 {
		return nil
	}
	r := run.Numbers.Recovery
	b.WriteString("\nRecovery" + backoff(run) + "\n")
	hang(b, "  ", amount.Plural(r.Turns, "turn", "turns")+" met a conflict: "+fates(r))
	if r.Recovered() > 0 {
		hang(b, "  ", fmt.Sprintf("from the refusal to recovery: median %s, p95 %s, worst %s; moves used: %s",
			amount.MillisecondsIfAny(r.MedianMS), amount.MillisecondsIfAny(r.P95MS), amount.MillisecondsIfAny(r.WorstMS), used(r.Attempts)))
	}
	return nil
}

// backoff names the policy between a refusal and the retry.
func backoff(run Run) string {
	if run.Manifest == nil || run.Manifest.Spec.Backoff.String() == "" {
		return ""
	}
	return " (backoff " + run.Manifest.Spec.Backoff.String() + ")"
}

func fates(r measure.Recovery) string {
	parts := []string{}
	for _, f := range fateCounts(r) {
		parts = append(parts, amount.Count(f.turns)+" "+f.fate)
	}
	return strings.Join(parts, ", ")
}

// fateCount is how many turns ended in one way.
type fateCount struct {
	turns int
	fate  string
}

// fateCounts lists the ways in which turns with a conflict ended, the good ones
// first.
func fateCounts(r measure.Recovery) []fateCount {
	return slices.DeleteFunc([]fateCount{
		{r.Retried, "recovered by another move"}, {r.FoundThere, "found the card already there"}, {r.Late, "recovered too late"},
		{r.NotRecovered, "not recovered"}, {r.Excused, "not recovered in time while the generator was stalled"}, {r.Overtaken, "overtaken (the wished move was no longer legal)"}, {r.CutOff, "cut off by the end of the run"},
	}, func(f fateCount) bool { return f.turns == 0 })
}

func used(attempts map[int]int) string {
	var parts []string
	for _, moves := range slices.Sorted(maps.Keys(attempts)) {
		parts = append(parts, fmt.Sprintf("%d in %s", moves, amount.Plural(attempts[moves], "turn", "turns")))
	}
	return strings.Join(parts, ", ")
}
