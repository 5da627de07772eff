package text

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/reports/view"
)

// writeRecovery writes how turns with a conflict ended.
func writeRecovery(b *page, run view.Run) error {
	if run.Numbers == nil || run.Numbers.Recovery.Turns == 0 {
		return nil
	}
	r := run.Numbers.Recovery
	b.WriteString("\nRecovery" + nameBackoff(run) + "\n")
	b.writeLabelled("  ", amount.Plural(r.Turns, "turn", "turns")+" met a conflict: "+view.DescribeFates(r, run.Words))
	if r.Recovered() > 0 {
		b.writeLabelled("  ", fmt.Sprintf(
			"from the refusal to recovery: median %s, p95 %s, worst %s; %s used: %s",
			amount.MillisecondsIfAny(r.MedianMS),
			amount.MillisecondsIfAny(r.P95MS),
			amount.MillisecondsIfAny(r.WorstMS),
			run.Words.Updates(),
			view.DescribeAttempts(r.Attempts),
		))
	}
	return nil
}

// nameBackoff returns the name of the backoff policy between a refusal and the
// retry.
func nameBackoff(run view.Run) string {
	if run.Manifest == nil || run.Manifest.Spec.Backoff.String() == "" {
		return ""
	}
	return " (backoff " + run.Manifest.Spec.Backoff.String() + ")"
}
