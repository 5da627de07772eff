package reports

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// textMoves shows what became of the moves and how long each class took. An
// unanswered one is slower than everything, so a class may have no p99.
func textMoves(b *strings.Builder, run Run) error {
	n := run.Numbers
	if n == nil || n.Attempts == 0 && n.Reads.Count == 0 {
		return nil
	}
	t := table{header: []string{"", "count", "share", "p50", "p90", "p95", "p99", "max"}, align: "lrrrrrrr"}
	for _, o := range history.Outcomes() {
		if n.Outcomes[o] > 0 {
			t.rows = append(t.rows, latencies(o.String(), amount.Share(n.Outcomes[o], n.Attempts), n.ByOutcome[o]))
		}
	}
	t.rows = append(t.rows, latencies("all moves", amount.Share(n.Attempts, n.Attempts), n.Latency.Latency))
	if n.Response != nil {
		t.rows = append(t.rows, latencies("response time", "", *n.Response))
	}
	t.rows = append(t.rows, latencies("board reads", "", n.Reads.Latency))
	fmt.Fprintf(b, "\nMoves by outcome, and how long they took\n")
	if err := t.write(b); err != nil {
		return err
	}
	for _, line := range beside(n) {
		hang(b, "  ", line)
	}
	return nil
}

func latencies(name, share string, l measure.Latency) []string {
	return []string{name, amount.Count(l.Count), share,
		amount.MillisecondsIfAny(l.P50MS), amount.MillisecondsIfAny(l.P90MS), amount.MillisecondsIfAny(l.P95MS), amount.MillisecondsIfAny(l.P99MS), amount.MillisecondsIfAny(l.MaxMS)}
}

// beside returns what is counted apart from the moves.
func beside(n *measure.Numbers) []string {
	var lines []string
	if n.Reads.Failed > 0 {
		lines = append(lines, fmt.Sprintf("%s of %s board reads failed: %s", amount.Count(n.Reads.Failed), amount.Count(n.Reads.Count), failures(n.Reads.Outcomes)))
	}
	if doubles := total(n.Doubles); doubles > 0 {
		lines = append(lines, fmt.Sprintf("%s beside them, %s refused as they should be",
			amount.Plural(doubles, "second click", "second clicks"), amount.Count(n.Doubles[history.Conflict])))
	}
	if r := n.Races; r != nil {
		lines = append(lines, fmt.Sprintf("%s of races beside them, %s refused as they should be; they are in no number of the load",
			amount.Plural(total(r.Outcomes), "attempt", "attempts"), amount.Count(r.Outcomes[history.Conflict])))
	}
	if n.Response != nil {
		lines = append(lines, "response time counts from the moment a move was due, the others from the moment it was sent")
	}
	return lines
}

func failures(outcomes map[history.Outcome]int) string {
	var parts []string
	for _, o := range history.Outcomes() {
		if c := outcomes[o]; c > 0 && o != history.Seen {
			parts = append(parts, fmt.Sprintf("%s %s", amount.Count(c), o))
		}
	}
	return strings.Join(parts, ", ")
}

func total(outcomes map[history.Outcome]int) int {
	n := 0
	for _, c := range outcomes {
		n += c
	}
	return n
}
