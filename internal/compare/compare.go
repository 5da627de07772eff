// Package compare tells whether one run was better or worse than another, by
// how much, and how small a change it could have seen.
//
// Its opinion: a difference is a claim that needs a proof. It is called worse
// or better only when the whole interval lies beyond what two runs of one build
// differ by anyway, corrected for the number of questions asked at once; and
// "no detectable change" always says how large a change would have been
// detected, because a comparison of five updates with five finds nothing either.
// Runs under unlike loads are not compared: eight records instead of eighty make
// every server look worse.
package compare

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/stats"
)

// Options say what counts as a change. The zero Options are the defaults.
type Options struct {
	Confidence float64  // of all verdicts together, two-sided; 0 is 0.95
	Noise      *Noise   // nil is DefaultNoise
	Limit      *float64 // a worsening by more than this share of the base fails; nil: nothing does
	NewBuild   bool     // the run is said to test another build than the base
	Force      bool     // compare runs that are unlike
}

// Noise is the ratio by which two runs of one build on one machine differ: a difference
// within it is never called a change, however sure it is.
type Noise struct {
	Relative float64       `json:"relative"` // ratio of the base's value
	Latency  time.Duration `json:"latency_ns"`
}

// DefaultNoise is 5 % of the base, and for latencies at least 1 ms.
func DefaultNoise() Noise { return Noise{Relative: 0.05, Latency: time.Millisecond} }

func (o Options) withDefaults() Options {
	if o.Confidence == 0 {
		o.Confidence = stats.Enough
	}
	if o.Noise == nil {
		n := DefaultNoise()
		o.Noise = &n
	}
	return o
}

// Compare asks every question about two runs. The error is an *UnlikeError when
// they are unlike and nothing forces the comparison.
func Compare(base, run *Side, o Options) (r Report, err error) {
	defer func() { sanitize.Texts(&r) }()
	o = o.withDefaults()
	r = Report{
		Verdict: NoData, Base: newSubject(base), Run: newSubject(run), Unlike: DiffLoads(base.Manifest, run.Manifest),
		Confidence: o.Confidence, Noise: *o.Noise, Limit: o.Limit, Notes: listNotes(base, run), Words: run.words,
	}
	if o.NewBuild {
		r.Unlike = append(r.Unlike, findSameBuild(base.Manifest, run.Manifest)...)
	}
	if len(r.Unlike) > 0 && !o.Force {
		return r, &UnlikeError{base.Directory, run.Directory, r.Unlike}
	}
	lines := buildLines(base, run, *o.Noise)
	decideLines(lines, 1-o.Confidence)
	excuseSymptoms(lines, sumCounts(run.anomalies) > 0)
	for _, l := range lines {
		r.Lines = append(r.Lines, *l)
		r.Verdict = r.Verdict.chooseGraver(l.Verdict)
	}
	r.conclude()
	return r, nil
}

// excuseSymptoms takes back that fewer conflicts are better where the run breaks an
// invariant: a server that loses updates refuses fewer of them, whatever the base did.
func excuseSymptoms(lines []*Line, broken bool) {
	for _, l := range lines {
		if broken && l.Verdict == Better && l.Group == Gates && l.Name == gate.ConflictRate {
			l.Verdict, l.Reason = NoChange, "fewer conflicts are a symptom of the broken invariant, not an improvement"
		}
	}
}

// buildLines returns the lines of a report. Those with a test are not decided
// yet.
func buildLines(base, run *Side, noise Noise) []*Line {
	b, r := base.Numbers, run.Numbers
	var lines []*Line
	for _, rule := range gate.Rules() {
		if l := compareGate(rule, base, run, noise); l != nil {
			lines = append(lines, l)
		}
	}
	for _, o := range history.Outcomes() {
		if isFaulty(o) && b.Outcomes[o]+r.Outcomes[o] > 0 {
			lines = append(lines, compareShares(Shares, o.String(), newHits(b.Outcomes[o], b.Attempts),
				newHits(r.Outcomes[o], r.Attempts), noise))
		}
	}
	lines = append(lines, compareLatencies("updates", &base.samples.Updates, &run.samples.Updates, noise))
	for _, o := range history.Outcomes() {
		if x, y := base.samples.ByOutcome(o), run.samples.ByOutcome(o); x.Len() > 0 && y.Len() > 0 && o != history.NoAnswer {
			lines = append(lines, compareLatencies(o.String(), x, y, noise))
		}
	}
	if b, r := &base.samples.Response, &run.samples.Response; b.Len() > 0 || r.Len() > 0 {
		lines = append(lines, compareLatencies("response", b, r, noise))
	}
	return append(lines, compareLatencies("reads", &base.samples.Reads, &run.samples.Reads, noise))
}

// compareGate compares a gate of two runs. It tests the number of the gate
// where there is a test, and otherwise compares the verdicts. It returns nil
// when neither run was asked.
func compareGate(rule gate.Rule, base, run *Side, noise Noise) *Line {
	b, r := base.Numbers, run.Numbers
	switch rule.Name {
	case gate.ErrorRate:
		return compareShares(Gates, rule.Name, newHits(b.ErrorRate.Hits, b.ErrorRate.N), newHits(r.ErrorRate.Hits, r.ErrorRate.N), noise)
	case gate.P95:
		return compareP95(&base.samples.Updates, &run.samples.Updates, noise)
	case gate.ConflictRate:
		return compareShares(Gates, rule.Name, base.conflicts(), run.conflicts(), noise)
	case gate.Recovery:
		return compareShares(Gates, rule.Name, countUnrecovered(b.Recovery), countUnrecovered(r.Recovery), noise).invert()
	case gate.AnomalyCount:
		return compareAnomalies(base, run)
	}
	return compareJudged(rule, base.gate(rule.Name), run.gate(rule.Name))
}

// isFaulty reports whether an outcome is a class of errors. Updates that
// succeeded are the attempts that the other classes leave, and conflicts have a gate of
// their own.
func isFaulty(o history.Outcome) bool {
	return o != history.Seen && o != history.Applied && o != history.Conflict
}

// newHits returns a share in which each bad case counts by itself: to a
// statistician an outage of two seconds is one event, to its users it is fifty
// updates that failed.
func newHits(bad, n int) hits { return hits{bad, n, 1} }

// conflicts are the share of updates refused as stale. They come in bursts when
// latencies do, which one run of another build would show as well.
func (s *Side) conflicts() hits {
	effect := stats.VarianceInflation(stats.MarkExceeding(s.samples.Stale.Kept(), 0))
	// Of neighbours that hang together, most may be thinned out.
	effect = 1 + (effect-1)*float64(s.samples.Stale.Stride())
	return hits{s.Numbers.ConflictRate.Hits, s.Numbers.ConflictRate.N, effect}
}

// countUnrecovered returns the share of turns with a conflict that did not
// recover from it.
func countUnrecovered(r measure.Recovery) hits {
	return newHits(r.Judged()-r.Recovered(), r.Judged())
}

// decideLines tests all lines that have a test, corrected for their number.
func decideLines(lines []*Line, alpha float64) {
	var tested []*Line
	var ps []float64
	for _, l := range lines {
		if l.settle != nil {
			tested, ps = append(tested, l), append(ps, l.p)
		}
	}
	adjusted, levels := stats.Holm(ps, alpha)
	for i, l := range tested {
		l.decide(adjusted[i], alpha, levels[i])
	}
}

// describeMissing says which run has no samples of a kind.
func describeMissing(base, run int) string {
	switch {
	case base == 0 && run == 0:
		return "neither run has any"
	case base == 0:
		return "the base has none"
	}
	return "the run has none"
}

// listNotes returns what a reader must know before believing the comparison.
func listNotes(base, run *Side) []string {
	all := []string{}
	for _, s := range []*Side{base, run} {
		if s.Manifest != nil && s.Manifest.State != "" && s.Manifest.State != "complete" {
			all = append(all, fmt.Sprintf("%s did not end as declared: its state is %s", s.Directory, s.Manifest.State))
		}
		if m := &s.samples.Updates; m.Stride() > 1 {
			all = append(all, fmt.Sprintf("of the %s %s of %s, %s latencies spread evenly over the run are compared",
				amount.Count(m.Len()), s.words.Updates(), s.Directory, amount.Count(len(m.Kept()))))
		}
	}
	if base.Manifest == nil || run.Manifest == nil {
		return all
	}
	b, r := base.Manifest, run.Manifest
	if HasOtherHost(b, r) {
		all = append(all, fmt.Sprintf("the target is not the same: %s, then %s", orNone(b.Spec.Target), orNone(r.Spec.Target)))
	}
	for _, d := range []struct{ what, b, r string }{
		{"the number of " + run.words.Records(), fmt.Sprint(b.Spec.Records), fmt.Sprint(r.Spec.Records)},
		{"the length of the run", b.Spec.Duration.String(), r.Spec.Duration.String()},
		{"occbench", b.ToolVersion, r.ToolVersion},
		{"k6", b.K6Version, r.K6Version},
		{"what the probe found of the API", b.Dialect, r.Dialect},
		{"the fault on purpose", b.Spec.Fault, r.Spec.Fault},
	} {
		if d.b != d.r {
			all = append(all, fmt.Sprintf("%s is not the same: %s, then %s", d.what, orNone(d.b), orNone(d.r)))
		}
	}
	return all
}
