package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

// Judge asks the gates of a policy about the run.
func (e *Evidence) Judge(policy gate.Policy) gate.Verdict {
	policy.Anytime = e.Manifest != nil && e.Manifest.Spec.UntilDecided
	v := gate.Judge(policy, e.facts(policy))
	v.BuiltOn = e.Sums()
	return v.WithWords(e.Words())
}

// facts returns what the gates need.
func (e *Evidence) facts(policy gate.Policy) gate.Evidence {
	facts := gate.Evidence{Run: e.runFacts(), CloudWatch: e.CloudWatch}
	if r := e.Recording; r != nil {
		facts.Numbers, facts.Validity, facts.Counts = &r.Numbers, r.Validity, r.Counts
	}
	facts.Anomalies = e.anomalies()
	if e.Doubtful[run.ProbeFile].IsZero() {
		facts.Probed = e.Proven()
	}
	for _, name := range slices.Sorted(maps.Keys(e.Doubtful)) {
		if name != run.VerdictFile { // which is made anew
			facts.Run.Caveats = append(facts.Run.Caveats, e.Doubtful[name])
		}
	}
	var unproven []reason.Reason
	facts.Decided, unproven = e.decisions(policy)
	facts.Run.Caveats = append(facts.Run.Caveats, unproven...)
	facts.Cooler = e.suggestLoads(policy)
	if why := e.Doubtful[run.CloudWatchFile]; !why.IsZero() {
		facts.CloudWatch = &telemetry.Report{Error: why.String()}
	}
	if e.HasBrowsers() {
		facts.UX = &gate.Screens{Numbers: e.UX}
	}
	return facts
}

// Proven returns what the probe proved before the load.
func (e *Evidence) Proven() []gate.Proven {
	if e.Probe == nil {
		return nil
	}
	var all []gate.Proven
	for i := range e.Probe.Defects {
		all = append(all, gate.Proven{ID: e.Probe.Defects[i].ID.String(), Sentence: e.Probe.Defects[i].Sentence})
	}
	return all
}

// runFacts returns how the run itself went: whether it failed or was interrupted, and its caveats.
func (e *Evidence) runFacts() gate.Facts {
	f := gate.Facts{}
	m := e.Manifest
	if m != nil {
		f.Dropped = m.HistoryDropped
		f.Caveats = append(f.Caveats, tellBuildChange(m))
	}
	var numbers *measure.Numbers
	if e.Recording != nil {
		numbers = &e.Recording.Numbers
	}
	f.Caveats = append(f.Caveats, e.Generators.caveats(m, numbers)...)
	f.Caveats = slices.DeleteFunc(append(f.Caveats, e.Missing), reason.Reason.IsZero)
	if m == nil {
		return f
	}
	switch m.State {
	case run.Running:
		f.Failed = append(f.Failed, gate.Failure{Stage: "run",
			Reason: "its manifest still says running, so occbench was killed in the middle of it"})
	case run.Interrupted:
		f.Interrupted = m.Reason
	case run.Failed:
		f.Failed = append(f.Failed, gate.Failure{Stage: "run", Reason: m.Reason})
	}
	return f
}

// anomalies returns the counts of findings for the gate, which must be those of the
// history at hand: an earlier or a hand-written file proves nothing about it,
// neither way.
func (e *Evidence) anomalies() *gate.Anomalies {
	r := e.Checked
	if r == nil {
		return nil
	}
	a := &gate.Anomalies{Judged: r.Judged, Reason: strings.Join(r.Why, "; "), Operations: int(r.Operations),
		Count: map[string]int{}, Sentences: map[string]string{},
		Shared: r.Shared, Foreign: int(r.Foreign)}
	if foreign := e.Doubtful[run.AnomaliesFile]; !foreign.IsZero() {
		a.Judged, a.Reason = false, foreign.String()
		return a
	}
	if e.Recording != nil && r.Operations != e.Recording.Operations {
		a.Judged = false
		a.Reason = fmt.Sprintf("%s is about %s operations and the history has %s, so it is not of this history; check the run again",
			run.AnomaliesFile, amount.Count(int(r.Operations)), amount.Count(int(e.Recording.Operations)))
		return a
	}
	for _, f := range listAnomalies(r) {
		a.Count[f.ID.String()] = int(max(f.Count, 1)) // what is listed was found
		a.Sentences[f.ID.String()] = f.Sentence
	}
	return a
}

// listAnomalies returns the anomalies of a report, also of a history that was not judged.
func listAnomalies(r *check.Report) []check.Anomaly {
	if !r.Judged {
		return r.Withheld
	}
	return r.Anomalies
}

// decisions returns those of the manifest that the history bears out, and says of
// the others that they are not believed. Each is decided again from the operations
// that the look rested on.
func (e *Evidence) decisions(policy gate.Policy) (stand []gate.Decision, unproven []reason.Reason) {
	if e.Manifest == nil || e.Recording == nil {
		return nil, nil
	}
	for i, d := range e.Manifest.Decisions {
		if d.Confidence != policy.Confidence || gate.RuleOf(d.Gate).Kind != gate.Bounded {
			continue // made under another policy; and a case that was counted is still counted at the end
		}
		if of := askGate(policy, e.Recording.Looks[i], d.Gate); of == nil || of.Limit == d.Limit && of.Verdict != gate.Result(d.Verdict) {
			unproven = append(unproven, reason.New("not_borne_out",
				"file", run.ManifestFile, "gate", d.Gate, "verdict", d.Verdict, "after", d.AfterS))
		} else if of.Limit == d.Limit {
			stand = append(stand, gate.Decision{Gate: d.Gate, Verdict: of.Verdict, Reason: of.Reason,
				AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence, Before: d.BeforeNS})
		}
	}
	return stand, unproven
}

// askGate asks one gate about some numbers; nil: there is no such gate.
func askGate(policy gate.Policy, numbers measure.Numbers, name string) *gate.Gate {
	policy.Off = nil
	v := gate.Judge(policy, gate.Evidence{Numbers: &numbers})
	i := slices.IndexFunc(v.Gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &v.Gates[i]
}
