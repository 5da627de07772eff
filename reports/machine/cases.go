// Package machine writes reports that programs read: test reports of CI servers,
// metrics, and objects.
package machine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// outcome is how a test case ended.
type outcome string

// The outcomes. An inconclusive case is no success: what reads test reports
// must stop at it.
const (
	passing      outcome = "passed"
	failing      outcome = "failed"
	inconclusive outcome = "inconclusive"
	broke        outcome = "error" // occbench could not do its work
	skipped      outcome = "skipped"
)

// testCase is one question for readers of test reports.
type testCase struct {
	Suite, Name string
	Outcome     outcome
	Message     string // one line
	Detail      string // many lines, or empty
}

// The suites of a test report, in their order.
const (
	suiteRun        = "run"
	suiteGates      = "gates"
	suiteInvariants = "invariants"
)

// listCases returns a case for the run itself, for every gate and for every
// invariant. All of them pass only when the verdict is PASS.
func listCases(run view.Run) []testCase {
	all := []testCase{newEvidenceCase(run)}
	for _, name := range gate.Names() {
		if isAsked(run.Verdict, name) {
			all = append(all, gateCase(run, name))
		}
	}
	for _, v := range check.Invariants() {
		all = append(all, invariantCase(run, v))
	}
	return keepOneFailure(run, all)
}

// keepOneFailure leaves one failure for each defect. Where a case failed, open
// cases beside it are skipped, and so is the gate of the anomalies beside the
// invariants that are broken.
func keepOneFailure(run view.Run, all []testCase) []testCase {
	if run.Verdict.Verdict != gate.Fail {
		return all
	}
	broken := slices.ContainsFunc(all, func(c testCase) bool { return c.Suite == suiteInvariants && c.Outcome == failing })
	for i := range all {
		switch c := &all[i]; {
		case c.Outcome == inconclusive:
			c.Outcome, c.Message = skipped, "not decided: "+c.Message
		case broken && c.Outcome == failing && c.Name == gate.AnomalyCount:
			c.Outcome, c.Message = skipped, "failed, counted by invariant: "+c.Message
		}
	}
	return all
}

// isAsked reports whether the verdict of a run has a gate: some gates exist
// only for some runs. For a run that was never judged it is true for all
// gates, so that all of them are open.
func isAsked(v gate.Verdict, name string) bool {
	if len(v.Gates)+len(v.SwitchedOff) == 0 || view.IsSwitchedOff(v, name) {
		return true
	}
	return slices.ContainsFunc(v.Gates, func(g gate.Gate) bool { return g.Name == name })
}

// newEvidenceCase returns the case of the run itself: it holds what forbids a
// PASS although every gate may pass.
func newEvidenceCase(r view.Run) testCase {
	c := testCase{Suite: suiteRun, Name: "evidence", Outcome: passing, Message: "the run went through and can be judged"}
	doubts := listOtherReasons(r.Verdict)
	if m := r.Manifest; m != nil && (m.State == run.Failed || m.State == run.Running) {
		c.Outcome, c.Message = broke, view.ShortenText(cmp.Or(m.Reason, "the run did not end"), view.Longest)
	} else if len(doubts) > 0 {
		c.Outcome, c.Message = inconclusive, view.ShortenText(doubts[0], view.Longest)
	} else if r.Verdict.Verdict != gate.Pass && !isExplained(r) {
		c.Outcome, c.Message = inconclusive, "nothing has been decided about this run"
	}
	if lines := view.Caveats(r); len(lines) > 0 {
		c.Message = strings.Join(append(lines, reason.Capitalize(c.Message)), " ")
	}
	c.Detail = strings.Join(view.ShortenAll(append(doubts, r.Notes...)), "\n")
	return c
}

// isExplained reports whether a gate explains that the verdict is no PASS.
func isExplained(run view.Run) bool {
	return slices.ContainsFunc(run.Verdict.Gates, func(g gate.Gate) bool { return g.Verdict != gate.Pass })
}

// listOtherReasons returns the reasons that belong to no gate.
func listOtherReasons(v gate.Verdict) []string {
	return reason.Lines(slices.DeleteFunc(slices.Clone(v.Reasons), func(r reason.Reason) bool { return r.Gate != "" }))
}

func gateCase(run view.Run, name string) testCase {
	c := testCase{Suite: suiteGates, Name: name}
	g := view.FindGate(run, name)
	switch {
	case view.IsSwitchedOff(run.Verdict, name):
		c.Outcome, c.Message = skipped, "switched off by the policy"
	case g == nil:
		c.Outcome, c.Message = inconclusive, "not judged"
	default:
		c.Outcome, c.Message = toOutcome(g.Verdict), view.ShortenText(g.Reason.String(), view.Longest)
		c.Detail = fmt.Sprintf(
			"estimate %s, from %s to %s, n %s, limit %s",
			g.Write(g.Estimate),
			g.Write(g.Lower),
			g.Write(g.Upper),
			view.FormatSamples(*g),
			g.LimitText(),
		)
	}
	return c
}

func toOutcome(r gate.Result) outcome {
	switch r {
	case gate.Pass:
		return passing
	case gate.Fail:
		return failing
	}
	return inconclusive
}

// invariantCase asks one promise of the server. Anomalies that the policy
// tolerates, or that no gate asks for, fail nothing and are told all the same.
func invariantCase(run view.Run, v check.Invariant) testCase {
	c := testCase{Suite: suiteInvariants, Name: v.ID.String() + " " + v.Title}
	if f := findAnomaly(run, v.ID); f != nil {
		c.Outcome, c.Message, c.Detail = failing, view.ShortenText(cmp.Or(f.Sentence, f.Title), view.Longest), text.FormatProof(run, f)
		if f.Probed {
			c.Message = "proven by the probe: " + c.Message
		}
	} else if run.Anomalies == nil {
		c.Outcome, c.Message = inconclusive, "the history has not been checked"
	} else if !run.Anomalies.Judged {
		c.Outcome, c.Message = inconclusive, "the history cannot be judged: "+view.ShortenText(strings.Join(run.Anomalies.Why, "; "),
			view.Longest)
	} else {
		c.Outcome, c.Message = passing, "no anomaly in "+amount.Plural(int(run.Anomalies.Operations), "operation", "operations")
	}
	if v.ID == check.OCC01 && c.Outcome == passing {
		c.Detail = strings.Join(view.PowerLines(run), "\n")
	}
	switch {
	case view.IsSwitchedOff(run.Verdict, gate.AnomalyCount):
		c.Outcome, c.Message = skipped, "the gate is switched off by the policy; "+c.Message
	case slices.Contains(run.Verdict.Tolerated, v.ID.String()) && c.Outcome == failing:
		c.Outcome, c.Message = skipped, "tolerated by the policy; "+c.Message
	}
	return c
}

func findAnomaly(run view.Run, id check.ID) *check.Anomaly {
	found := view.Anomalies(run)
	i := slices.IndexFunc(found, func(f check.Anomaly) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return &found[i]
}

// findSpan returns when the run began and ended; the zero time where that is
// unknown.
func findSpan(run view.Run) (start, end time.Time) {
	if run.Manifest == nil {
		return time.Time{}, time.Time{}
	}
	start, end = run.Manifest.Start.UTC(), run.Manifest.End.UTC()
	if end.Before(start) {
		end = start
	}
	return start, end
}
