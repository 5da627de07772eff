package view

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	basis "github.com/occbench/occbench/internal/validity"
)

func PredictedLines(c *basis.Contention) []string {
	lines := []string{
		fmt.Sprintf(
			"a correct server shows %s (%s to %s) in these %s; observed: %s (%s)",
			amount.Percent(c.Predicted),
			amount.Percent(c.Lower),
			amount.Percent(c.Upper),
			amount.Plural(c.Attempts, "attempt", "attempts"),
			amount.Percent(c.Observed),
			Clean(c.Agreement),
		),
		fmt.Sprintf("hottest card %s, %s: predicted %s, observed %s", Short(c.Hottest.Card, 24),
			amount.Plural(c.Hottest.Attempts, "attempt", "attempts"), amount.Percent(c.Hottest.Predicted), amount.Percent(c.Hottest.Observed)),
	}
	if len(c.Causes) > 0 {
		lines = append(lines, "likely causes: "+Clean(strings.Join(c.Causes, "; ")))
	}
	if c.Skipped > 0 {
		lines = append(lines, amount.Plural(c.Skipped, "attempt", "attempts")+" on further cards are not compared: there are too many cards")
	}
	if c.Dependent() {
		lines = append(
			lines,
			fmt.Sprintf(
				"how an attempt ends depends on its card: by a bootstrap over the cards "+
					"the observed rate lies between %s and %s, by the exact interval between %s and %s",
				amount.Percent(c.Block.Lower),
				amount.Percent(c.Block.Upper),
				amount.Percent(c.Exact.Lower),
				amount.Percent(c.Exact.Upper),
			),
		)
	}
	return lines
}
