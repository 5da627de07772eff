package view

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	basis "github.com/occbench/occbench/internal/validity"
)

// ListUntested returns what the run did not test, and what its verdict
// therefore does not say.
func ListUntested(run Run) []string {
	var lines []string
	for _, name := range run.Verdict.SwitchedOff {
		lines = append(lines, "Switched off by the policy: "+gate.RuleOf(name).Title+" ("+name+").")
	}
	if len(run.Verdict.Tolerated) > 0 {
		lines = append(lines, "Tolerated by the policy, so it fails nothing: "+strings.Join(run.Verdict.Tolerated, ", ")+".")
	}
	lines = append(lines, listUnjudged(run)...)
	lines = append(lines, listUnloaded(run)...)
	return append(lines, describeUnobserved(run)...)
}

// listUnjudged returns which parts of the recording were not judged.
func listUnjudged(run Run) []string {
	r := run.Anomalies
	switch {
	case r == nil:
		return []string{"Whether updates were lost: the recorded traffic has not been checked."}
	case !r.Judged:
		return []string{
			"Whether updates were lost: the recorded traffic cannot be judged, because " +
				ShortenText(strings.Join(r.Why, "; "), Longest) + ".",
		}
	}
	var lines []string
	for _, line := range ListDoubts(r, run.Words) {
		lines = append(lines, reason.Sentence(line))
	}
	return lines
}

// listUnloaded returns which kinds of load the run did not make.
func listUnloaded(run Run) []string {
	w := run.Words
	n := run.Numbers
	if n == nil {
		return []string{"Any load: there is no recording of the run."}
	}
	var lines []string
	if n.Attempts > 0 {
		lines = append(lines, fmt.Sprintf("More load than %s %s/s by %s on %s.",
			amount.Digits(n.AttemptsPerS), w.Updates(), amount.Plural(n.OperatorsSeen, "operator", "operators"),
			w.CountRecords(n.RecordsSeen)),
			"Any other call than the reads and updates of "+w.Records()+".")
	}
	if n.Recovery.Turns == 0 {
		lines = append(lines, "What happens after a refusal: no "+w.Change()+" was refused.")
	}
	if run.Verdict.Partial {
		lines = append(lines, "The rest of the run: it ended before its time.")
	}
	return lines
}

// Validity is one thing that must hold for a run to mean anything.
type Validity struct {
	What  string
	State string // ok, not ok or unknown
	Words string
}

const (
	holds   = "ok"
	fails   = "not ok"
	unknown = "unknown"
)

// Holds reports whether it does.
func (v Validity) Holds() bool { return v.State == holds }

func nameState(ok bool) string {
	if ok {
		return holds
	}
	return fails
}

// ListValidities returns the conditions under which the numbers are valid, and
// whether each holds.
func ListValidities(r Run) []Validity {
	var all []Validity
	if m := r.Manifest; m != nil {
		words := OrUnknown(string(m.State))
		if m.Reason != "" {
			words += ": " + ShortenText(m.Reason, Longest)
		}
		all = append(
			all,
			Validity{"The run went through", nameState(m.State == run.Complete), words},
			Validity{
				"Everything was recorded",
				nameState(m.HistoryDropped == 0),
				amount.Plural(int(m.HistoryDropped), "operation is", "operations are") + " missing in the history",
			},
		)
		if m.K6Exit != nil {
			all = append(all, Validity{"The load generator ended well", nameState(m.State == run.Complete), describeExit(m)})
		}
	} else if !r.Alone {
		all = append(all, Validity{"The run went through", unknown, "the manifest is missing"})
	}
	if n := r.Numbers; n != nil {
		all = append(all, listObserved(n, r.Words)...)
	} else {
		all = append(all, Validity{"There is a recording", fails, "the history is missing"})
	}
	for _, l := range r.Verdict.Validity {
		all = append(all, Validity{reason.Capitalize(l.Name), nameState(l.State == basis.OK), ShortenText(l.Why.String(), Longest)})
	}
	return append(all, judgeRecording(r))
}

// describeExit says how k6 ended. Two of its exit codes say nothing against a
// load that is complete.
func describeExit(m *run.Manifest) string {
	const thresholds, signal = 99, 105
	words := fmt.Sprintf("k6 exited with %d", *m.K6Exit)
	switch {
	case *m.K6Exit == thresholds:
		return words + ": a threshold of its own was crossed, which the gates judge better"
	case *m.K6Exit == signal && m.State == run.Complete:
		return words + ": it was ended in order, before its time"
	}
	return words
}

func listObserved(n *measure.Numbers, w noun.Words) []Validity {
	words := "it answered until the end"
	if o := n.Outage; o != nil {
		words = fmt.Sprintf(
			"it stopped at %s: the last %s failed",
			amount.Seconds(o.SinceS),
			amount.Plural(o.Failures, "operation", "operations"),
		)
	}
	return []Validity{
		judgeAudit("The "+w.Records()+" were read before the first "+w.Change(), n.Audits.First, w),
		judgeAudit("The "+w.Records()+" were read after the last "+w.Change(), n.Audits.Last, w),
		{"The target kept answering", nameState(n.Outage == nil), words},
		{
			"The " + w.Records() + " could be read",
			nameState(n.Reads.Failed == 0),
			fmt.Sprintf("%s of %s reads failed", amount.Count(n.Reads.Failed), amount.Count(n.Reads.Count)),
		},
		{"No " + w.Change() + " was dropped", holds, describeUncounted(n, w)},
	}
}

func judgeAudit(what string, a measure.Audit, w noun.Words) Validity {
	if !a.Present {
		return Validity{what, fails, "there is no such reading"}
	}
	return Validity{
		what,
		nameState(a.OK),
		fmt.Sprintf("%s at %s, %s failed", w.CountRecords(a.Records), amount.Seconds(a.AtS), amount.Count(a.Failed)),
	}
}

// describeUncounted says which operations are not counted as updates, and
// where the unanswered ones are counted.
func describeUncounted(n *measure.Numbers, w noun.Words) string {
	beside := w.CountUpdates(sumOutcomes(n.Warmup)) + " of the warm-up"
	if doubles := sumOutcomes(n.Doubles); doubles > 0 {
		beside += " and " + amount.Plural(doubles, "double update", "double updates")
	}
	return fmt.Sprintf("%s without an answer count as slower than everything; %s are counted apart",
		w.CountUpdates(n.Outcomes[history.NoAnswer]), beside)
}

func judgeRecording(run Run) Validity {
	const what = "The recording can be judged"
	r := run.Anomalies
	switch {
	case r == nil:
		return Validity{what, unknown, "it has not been checked"}
	case !r.Judged:
		return Validity{what, fails, ShortenText(strings.Join(r.Why, "; "), Longest)}
	}
	return Validity{
		what,
		holds,
		fmt.Sprintf(
			"%s on %s, %s unproven",
			amount.Plural(int(r.Operations), "operation", "operations"),
			run.Words.CountRecords(r.Records),
			amount.Plural(int(r.Unproven), "refusal", "refusals"),
		),
	}
}
