package view

import (
	"fmt"
	"math"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
	basis "github.com/occbench/occbench/internal/validity"
)

// ListPredictions returns the conflicts beside those of a correct server. The
// verdict must have a contention.
func ListPredictions(run Run) []string {
	c, w := run.Verdict.Contention, run.Words
	lines := []string{
		fmt.Sprintf(
			"replayed: a correct server refuses %s of these %s%s; this one refused %s (%s)",
			amount.Count(CountConflicts(c.Predicted, c)),
			amount.Plural(c.Attempts, "attempt", "attempts"),
			formatRange(c),
			amount.Count(CountConflicts(c.Observed, c)),
			c.Agreement,
		),
		fmt.Sprintf(
			"hottest %s %s, %s: predicted %s, observed %s",
			w.One(),
			ShortenText(c.Hottest.Record, 24),
			amount.Plural(c.Hottest.Attempts, "attempt", "attempts"),
			amount.Percent(c.Hottest.Predicted),
			amount.Percent(c.Hottest.Observed),
		),
	}
	if len(c.Causes) > 0 {
		lines = append(lines, "likely causes: "+strings.Join(reason.Lines(c.Causes), "; "))
	}
	if c.Skipped > 0 {
		lines = append(
			lines,
			amount.Plural(c.Skipped, "attempt", "attempts")+" on further "+w.Records()+" are not compared: there are too many "+w.Records(),
		)
	}
	if c.IsDependent() {
		lines = append(
			lines,
			fmt.Sprintf(
				"how an attempt ends depends on its %s: by a bootstrap over the %s "+
					"the observed rate lies between %s and %s, by the exact interval between %s and %s",
				w.One(),
				w.Records(),
				amount.Percent(c.Block.Lower),
				amount.Percent(c.Block.Upper),
				amount.Percent(c.Exact.Lower),
				amount.Percent(c.Exact.Upper),
			),
		)
	}
	return lines
}

// CountConflicts converts a share of the attempts into a number of attempts.
func CountConflicts(share float64, c *basis.Contention) int {
	return int(math.Round(share * float64(c.Attempts)))
}

// formatRange returns the range of the prediction. It is empty when the
// prediction is one number, because the replay knows how every attempt ended.
func formatRange(c *basis.Contention) string {
	low, high := CountConflicts(c.Lower, c), CountConflicts(c.Upper, c)
	if low == high {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", amount.Count(low), amount.Count(high))
}
