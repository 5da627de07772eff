package text

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/reports/view"
)

// textRecovery shows what became of the turns that met a conflict.
func textRecovery(b *strings.Builder, run view.Run) error {
	if run.Numbers == nil || run.Numbers.Recovery.Turns == 0 {
		return nil
	}
	r := run.Numbers.Recovery
	b.WriteString("\nRecovery" + backoff(run) + "\n")
	Hang(b, "  ", amount.Plural(r.Turns, "turn", "turns")+" met a conflict: "+view.Fates(r))
	if r.Recovered() > 0 {
		Hang(b, "  ", fmt.Sprintf("from the refusal to recovery: median %s, p95 %s, worst %s; moves used: %s",
			amount.MillisecondsIfAny(r.MedianMS), amount.MillisecondsIfAny(r.P95MS), amount.MillisecondsIfAny(r.WorstMS), view.Used(r.Attempts)))
	}
	return nil
}

// backoff names the policy between a refusal and the retry.
func backoff(run view.Run) string {
	if run.Manifest == nil || run.Manifest.Spec.Backoff.String() == "" {
		return ""
	}
	return " (backoff " + run.Manifest.Spec.Backoff.String() + ")"
}
