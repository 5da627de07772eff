package text

import (
	"fmt"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// writeOutcomes writes the outcomes of the updates with the latencies of each
// class. An unanswered update is slower than all others, so a class may have
// no p99.
func writeOutcomes(b *page, run view.Run) error {
	n := run.Numbers
	if n == nil || n.Attempts == 0 && n.Reads.Count == 0 {
		return nil
	}
	t := table{header: []string{"", "count", "share", "p50", "p90", "p95", "p99", "max"}, align: "lrrrrrrr"}
	for _, c := range view.ListClasses(run) {
		t.rows = append(t.rows, c.Cells())
	}
	fmt.Fprintf(b, "\n%s by outcome, and how long they took\n", reason.Capitalize(run.Words.Updates()))
	if err := t.write(b); err != nil {
		return err
	}
	for _, line := range view.ListOtherCounts(run) {
		b.writeLabelled("  ", line)
	}
	return nil
}
