package text

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reports/view"
)

// textMoves shows what became of the moves and how long each class took. An
// unanswered one is slower than everything, so a class may have no p99.
func textMoves(b *strings.Builder, run view.Run) error {
	n := run.Numbers
	if n == nil || n.Attempts == 0 && n.Reads.Count == 0 {
		return nil
	}
	t := table{header: []string{"", "count", "share", "p50", "p90", "p95", "p99", "max"}, align: "lrrrrrrr"}
	for _, o := range history.Outcomes() {
		if n.Outcomes[o] > 0 {
			t.rows = append(t.rows, view.Latencies(o.String(), amount.Share(n.Outcomes[o], n.Attempts), n.ByOutcome[o]))
		}
	}
	t.rows = append(t.rows, view.Latencies("all moves", amount.Share(n.Attempts, n.Attempts), n.Latency.Latency))
	if n.Response != nil {
		t.rows = append(t.rows, view.Latencies("response time", "", *n.Response))
	}
	t.rows = append(t.rows, view.Latencies("board reads", "", n.Reads.Latency))
	fmt.Fprintf(b, "\nMoves by outcome, and how long they took\n")
	if err := t.write(b); err != nil {
		return err
	}
	for _, line := range view.Beside(n) {
		Hang(b, "  ", line)
	}
	return nil
}
