package compare

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
)

// Report is a comparison, whole.
type Report struct {
	Verdict    Verdict      `json:"verdict"`
	Base       Subject      `json:"base"`
	Run        Subject      `json:"run"`
	Unlike     []Difference `json:"unlike"` // not empty: the comparison was forced
	Notes      []string     `json:"notes"`
	Confidence float64      `json:"confidence"` // of all verdicts together
	Noise      Noise        `json:"noise"`
	Limit      *float64     `json:"fail_if_worse"` // nil: nothing fails
	Failed     []string     `json:"failed"`        // lines that are worse by more than that
	Lines      []Line       `json:"lines"`
	Words      noun.Words   `json:"-"` // of the API that both runs spoke
}

// Subject is one of the runs.
type Subject struct {
	Directory string      `json:"directory"`
	Verdict   gate.Result `json:"verdict"` // empty: the run was not judged
	Build     string      `json:"build"`
	Fault     string      `json:"fault,omitempty"`
	State     run.State   `json:"state"`
	Start     time.Time   `json:"start,omitzero"`
	Updates   int         `json:"updates"`
}

// newSubject returns what a report says of one side of a comparison.
func newSubject(s *Side) Subject {
	sub := Subject{Directory: s.Directory, Verdict: s.Verdict, Updates: s.Numbers.Attempts}
	if m := s.Manifest; m != nil {
		sub.Build, sub.Fault, sub.State, sub.Start = m.TargetBuild, m.Spec.Fault, m.State, m.Start
	}
	return sub
}

// IsForced reports whether the runs are unlike and were compared with --force.
func (r *Report) IsForced() bool { return len(r.Unlike) > 0 }

// IsBlind reports whether the comparison could not have detected any change of
// the update latency, however large. Such a comparison is no evidence that
// nothing changed.
func (r *Report) IsBlind() bool {
	for i := range r.Lines {
		if l := &r.Lines[i]; l.Group == Latencies && l.Name == "updates" {
			return l.Verdict == NoData || l.Verdict == NoChange && l.Detectable == nil
		}
	}
	return true
}

// ExplainUnchecked says why it is unknown whether the run breaks an invariant
// that the base kept; empty when it is known. A run that breaks none is not
// worse, whatever the base did.
func (r *Report) ExplainUnchecked() string {
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Group == Gates && gate.RuleOf(l.Name).Kind == gate.None && l.Verdict == NoData &&
			(l.Run.Estimate == nil || *l.Run.Estimate > 0) {
			return l.Reason
		}
	}
	return ""
}

// Count returns how many lines have a verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for i := range r.Lines {
		if r.Lines[i].Verdict == v {
			n++
		}
	}
	return n
}

// conclude computes the verdict of the report from those of its lines.
func (r *Report) conclude() {
	r.Failed = []string{}
	for i := range r.Lines {
		if l := &r.Lines[i]; r.Limit != nil && l.isWorseBy(*r.Limit) {
			r.Failed = append(r.Failed, string(l.Group)+" "+l.Name)
		}
	}
	if r.Unlike == nil {
		r.Unlike = []Difference{}
	}
	if b, v := r.Base.Build, r.Verdict; b != "" && b == r.Run.Build && (v == Worse || v == Better) && r.Base.Fault == r.Run.Fault {
		r.Notes = append(r.Notes, fmt.Sprintf("both runs say that they tested build %s: whatever changed, it was not the build", b))
	}
}

// isWorseBy reports whether a line is worse by more than a share of the base.
// When the base is 0 there is no such share, and every increase is worse by
// more than it.
func (l *Line) isWorseBy(limit float64) bool {
	return l.Verdict == Worse && (l.Relative == nil || *l.Relative > limit || l.settle == nil)
}

// chooseGraver returns the graver of two verdicts.
func (v Verdict) chooseGraver(other Verdict) Verdict {
	gravity := map[Verdict]int{NoData: 0, NoChange: 1, Better: 2, Worse: 3}
	if gravity[other] > gravity[v] {
		return other
	}
	return v
}
