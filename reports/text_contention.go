package reports

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	basis "github.com/occbench/occbench/internal/validity"
)

// textContention compares the conflicts with those that a correct server must
// give under the contention that the run really had.
func textContention(b *strings.Builder, run Run) error {
	c := run.Verdict.Contention
	if c == nil {
		return nil
	}
	b.WriteString("\nConflicts, predicted and observed\n")
	for _, line := range predictedLines(c) {
		hang(b, "  ", line)
	}
	return nil
}

func predictedLines(c *basis.Contention) []string {
	lines := []string{
		fmt.Sprintf("a correct server shows %s (%s to %s) in these %s; observed: %s (%s)",
			amount.Percent(c.Predicted), amount.Percent(c.Lower), amount.Percent(c.Upper), amount.Plural(c.Attempts, "attempt", "attempts"), amount.Percent(c.Observed), clean(c.Agreement)),
		fmt.Sprintf("hottest card %s, %s: predicted %s, observed %s", short(c.Hottest.Card, 24),
			amount.Plural(c.Hottest.Attempts, "attempt", "attempts"), amount.Percent(c.Hottest.Predicted), amount.Percent(c.Hottest.Observed)),
	}
	if len(c.Causes) > 0 {
		lines = append(lines, "likely causes: "+clean(strings.Join(c.Causes, "; ")))
	}
	if c.Skipped > 0 {
		lines = append(lines, amount.Plural(c.Skipped, "attempt", "attempts")+" on further cards are not compared: there are too many cards")
	}
	if c.Dependent() {
		lines = append(lines, fmt.Sprintf("how an attempt ends depends on its card: by a bootstrap over the cards the observed rate lies between %s and %s, by the exact interval between %s and %s",
			amount.Percent(c.Block.Lower), amount.Percent(c.Block.Upper), amount.Percent(c.Exact.Lower), amount.Percent(c.Exact.Upper)))
	}
	return lines
}

// textValidity shows what the numbers rest on, a line each.
func textValidity(b *strings.Builder, run Run) error {
	if len(run.Verdict.Validity) == 0 {
		return nil
	}
	b.WriteString("\nWhat the numbers rest on\n")
	for _, l := range run.Verdict.Validity {
		mark := "  "
		if l.State != basis.OK {
			mark = "! "
		}
		hang(b, fmt.Sprintf("  %s%-14s ", mark, clean(l.Name)), short(l.Why.String(), longest))
	}
	return nil
}

func cleanContention(c *basis.Contention) *basis.Contention {
	if c == nil {
		return nil
	}
	cleaned := *c
	cleaned.Hottest.Card, cleaned.Agreement, cleaned.Causes = clean(c.Hottest.Card), clean(c.Agreement), cleanAll(c.Causes)
	cleaned.Busiest = append([]basis.Card(nil), c.Busiest...)
	for i := range cleaned.Busiest {
		cleaned.Busiest[i].Card = clean(cleaned.Busiest[i].Card)
	}
	return &cleaned
}

func cleanLines(lines []basis.Line) []basis.Line {
	cleaned := append([]basis.Line{}, lines...)
	for i := range cleaned {
		cleaned[i].Why = cleaned[i].Why.Clean(clean)
	}
	return cleaned
}
