package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
)

// Class is a class of calls and how long they took.
type Class struct {
	Name, Share string // the share is of all updates, and empty where there is none
	measure.Latency
	Outcome bool // it is the updates of one outcome
	Every   bool // it is all updates
}

// ListClasses returns the updates of each outcome that occurred, all updates,
// and the reads. The run must have numbers.
func ListClasses(run Run) []Class {
	n := run.Numbers
	var all []Class
	for _, o := range history.Outcomes() {
		if n.Outcomes[o] > 0 {
			all = append(all, Class{o.String(), amount.Share(n.Outcomes[o], n.Attempts), n.ByOutcome[o], true, false})
		}
	}
	all = append(all, Class{"all " + run.Words.Updates(), amount.Share(n.Attempts, n.Attempts), n.Latency.Latency, false, true})
	if n.Response != nil {
		all = append(all, Class{Name: "response time", Latency: *n.Response})
	}
	return append(all, Class{Name: "reads", Latency: n.Reads.Latency})
}

// Cells returns name, count, share, p50, p90, p95, p99 and the longest time.
func (c *Class) Cells() []string {
	return []string{c.Name, amount.Count(c.Count), c.Share,
		amount.MillisecondsIfAny(c.P50MS), amount.MillisecondsIfAny(c.P90MS), amount.MillisecondsIfAny(c.P95MS),
		amount.MillisecondsIfAny(c.P99MS), amount.MillisecondsIfAny(c.MaxMS)}
}

// ListOtherCounts returns what is counted separately from the updates. The run
// must have numbers.
func ListOtherCounts(run Run) []string {
	n := run.Numbers
	var lines []string
	if n.Reads.Failed > 0 {
		lines = append(
			lines,
			fmt.Sprintf("%s of %s reads failed: %s", amount.Count(n.Reads.Failed), amount.Count(n.Reads.Count),
				formatFailures(n.Reads.Outcomes)),
		)
	}
	if doubles := sumOutcomes(n.Doubles); doubles > 0 {
		lines = append(lines, fmt.Sprintf("%s beside them, %s refused as they should be",
			amount.Plural(doubles, "double update", "double updates"), amount.Count(n.Doubles[history.Conflict])))
	}
	if r := n.Races; r != nil {
		lines = append(lines, fmt.Sprintf("%s of races beside them, %s refused as they should be; they are in no number of the load",
			amount.Plural(sumOutcomes(r.Outcomes), "attempt", "attempts"), amount.Count(r.Outcomes[history.Conflict])))
	}
	if n.Response != nil {
		lines = append(
			lines,
			"response time counts from the moment "+run.Words.AnUpdate()+" was due, the others from the moment it was sent",
		)
	}
	return lines
}

func formatFailures(outcomes map[history.Outcome]int) string {
	var parts []string
	for _, o := range history.Outcomes() {
		if c := outcomes[o]; c > 0 && o != history.Seen {
			parts = append(parts, fmt.Sprintf("%s %s", amount.Count(c), o))
		}
	}
	return strings.Join(parts, ", ")
}

func sumOutcomes(outcomes map[history.Outcome]int) int {
	n := 0
	for _, c := range outcomes {
		n += c
	}
	return n
}

// DescribeFates says how turns with a conflict ended.
func DescribeFates(r measure.Recovery, w noun.Words) string {
	parts := []string{}
	for _, f := range fateCounts(r, w) {
		parts = append(parts, amount.Count(f.turns)+" "+f.fate)
	}
	return strings.Join(parts, ", ")
}

// fateCount is how many turns ended in one way.
type fateCount struct {
	turns int
	fate  string
}

// fateCounts lists the ways in which turns with a conflict ended, the good ones
// first.
func fateCounts(r measure.Recovery, w noun.Words) []fateCount {
	return slices.DeleteFunc([]fateCount{
		{
			r.Retried,
			"recovered by another " + w.Change(),
		}, {r.FoundThere, "found the " + w.One() + " already there"}, {r.Late, "recovered too late"},
		{
			r.NotRecovered,
			"not recovered",
		}, {r.Excused, "not recovered in time while the generator was stalled"},
		{r.Overtaken, "overtaken (the wished " + w.Change() + " was no longer legal)"}, {r.CutOff, "cut off by the end of the run"},
	}, func(f fateCount) bool { return f.turns == 0 })
}

// DescribeAttempts returns in how many turns each number of attempts was sent.
func DescribeAttempts(attempts map[int]int) string {
	var parts []string
	for _, sent := range slices.Sorted(maps.Keys(attempts)) {
		parts = append(parts, fmt.Sprintf("%d in %s", sent, amount.Plural(attempts[sent], "turn", "turns")))
	}
	return strings.Join(parts, ", ")
}
