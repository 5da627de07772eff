package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/goldentest"
)

const contentionPage = "../../docs/contention.md"

// TestPlanOfTheManual holds the plan between <!-- table runbook --> and <!-- end --> to what this code writes.
func TestPlanOfTheManual(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates a plan")
	}
	goldentest.ComparePart(t, contentionPage, "<!-- table runbook -->\n", "<!-- end -->", runbookPlan(t))
}

func runbookPlan(t *testing.T) string {
	got, err := Predict(newRunbookLoad())
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	fmt.Fprintf(&s, "- %.1f attempts per second, windows of %.0f ms in the mean, %s conflicts.\n", got.Rate, got.Window*1000, fmt.Sprintf("%.1f %%", 100*got.Conflict))
	fmt.Fprintf(&s, "- The records run out after %.1f s and %d attempts; a minute takes %d records.\n", got.RunsOut.After, got.Attempts, got.RunsOut.Records)
	for _, g := range got.Gates {
		fmt.Fprintf(&s, "- %s: **%s**. %s.", g.Name, g.State, strings.ToUpper(g.Reason[:1])+g.Reason[1:])
		for i, change := range g.Changes {
			fmt.Fprintf(&s, "%s %s", []string{" Use", ", or"}[min(i, 1)], change)
		}
		fmt.Fprint(&s, "\n")
	}
	return s.String()
}
