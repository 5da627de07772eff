package gate

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/stats"
)

// Every number of docs/verdict.md is what the code says.
func TestVerdictPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/verdict.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, line := range append(append(tables(t), examples()...), gates()...) {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("the page lacks the line\n%s", line)
		}
	}
}

func tables(t *testing.T) []string {
	var lines []string
	for _, n := range []int{5, 12, 17, 100, 299} {
		lines = append(lines, fmt.Sprintf("| 0 of %d | %s |", n, amount.Percent(stats.RateUpper(0, n, stats.Enough))))
	}
	for name, limit := range map[string]float64{"error rate < 1 %": 0.01, "conflict rate < 10 %": 0.10} {
		line := "| " + name + " needs n ≥ |"
		for _, bad := range []int{0, 1, 2, 3, 5} {
			n, ok := stats.MinSamples(bad, limit, stats.Enough)
			if !ok {
				t.Errorf("%s cannot be proven with %d bad", name, bad)
			}
			line += fmt.Sprintf(" %s |", amount.Count(n))
		}
		lines = append(lines, line)
	}
	for _, row := range []struct {
		n    int
		note string
	}{{58, ""}, {59, ", the slowest"}, {100, ""}, {500, ", the p%.1f"}, {1000, ", the p%.1f"}, {5000, ", the p%.1f"}} {
		low, _ := stats.LowerRank(row.n, measure.P95, stats.Enough)
		upper := "none"
		if high, ok := stats.UpperRank(row.n, measure.P95, stats.Enough); ok {
			upper = ordinal(high) + row.note
			if strings.Contains(row.note, "%") {
				upper = ordinal(high) + fmt.Sprintf(row.note, 100*float64(high)/float64(row.n))
			}
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |", amount.Count(row.n), ordinal(low), upper))
	}
	return lines
}

func ordinal(n int) string {
	suffix := "th"
	if n/10%10 != 1 {
		suffix = [...]string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[n%10]
	}
	return amount.Count(n) + suffix
}

func examples() []string {
	var lines []string
	for _, e := range []struct{ bad, n int }{{0, 12}, {2, 1000}, {20, 1000}, {9, 1000}} {
		ratio := float64(e.bad) / float64(e.n)
		n := &measure.Numbers{Attempts: e.n, ErrorRate: measure.Rate{Hits: e.bad, N: e.n, Ratio: &ratio}}
		lines = append(lines, "> error_rate: "+RuleOf(ErrorRate).Judge(Default(), Evidence{Numbers: n}).Reason.String())
	}
	fast := &measure.Numbers{Attempts: 10, Latency: measure.P95Latency{
		Latency: measure.Latency{Count: 10, P95MS: new(20.0)}, P95LowerMS: new(18.0), Confidence: stats.Enough, LimitMS: 400}}
	return append(lines, "> p95_ms: "+judgeP95(Default(), Evidence{Numbers: fast}).Reason.String())
}

// gates returns the ends of the rows of the table of gates.
func gates() []string {
	p := Default()
	return []string{
		fmt.Sprintf("| all attempts | < %s |", amount.Percent(p.Limit(ErrorRate))),
		fmt.Sprintf("one without an answer is slower than everything | < %s |", amount.Milliseconds(p.Limit(P95))),
		fmt.Sprintf("| applied and conflicts | < %s |", amount.Percent(p.Limit(ConflictRate))),
	}
}
