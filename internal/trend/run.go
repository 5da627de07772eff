package trend

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// ReadPast returns at most so many runs that are earlier than this one and
// comparable with it, oldest first, and after them the run itself with the
// given verdict.
func ReadPast(dir run.Dir, m *run.Manifest, v gate.Verdict, most int) []Run {
	var runs []Run
	for _, d := range compare.ListEarlier(dir, m, most) {
		runs = append(runs, readRun(d))
	}
	slices.Reverse(runs)
	last := Run{Name: dir.Name(), Start: m.Start, Build: m.TargetBuild, Fault: m.Spec.Fault, Values: map[string]*float64{}, manifest: m}
	last.setVerdict(v)
	return append(runs, last)
}

// readRun reads what a run's manifest and verdict say.
func readRun(d run.Dir) Run {
	r := Run{Name: d.Name(), Values: map[string]*float64{}, Why: d.Missing(run.ManifestFile, run.VerdictFile).String()}
	if d.Has(run.HTMLFile) {
		r.Report = run.HTMLFile
	} else if d.Has(run.TextFile) {
		r.Report = run.TextFile
	}
	e, err := evidence.OpenVerdict(d)
	if m := e.Manifest; m != nil {
		r.manifest = m
		r.Start, r.Build, r.Fault = m.Start, m.TargetBuild, m.Spec.Fault
		if m.End.After(m.Start) {
			r.Seconds = m.End.Sub(m.Start).Seconds()
		}
	}
	switch {
	case err != nil:
		r.Why = err.Error()
	case !e.Doubtful[run.VerdictFile].IsZero():
		r.Why = e.Doubtful[run.VerdictFile].String()
	case e.Verdict != nil:
		r.setVerdict(*e.Verdict)
	}
	return r
}

func (r *Run) setVerdict(v gate.Verdict) {
	r.Verdict = v.Verdict
	if len(v.Reasons) > 0 {
		r.Reason = v.Reasons[0].String()
	}
	for _, n := range v.Outcomes {
		r.Updates += n
	}
	r.Gates = map[string]gate.Result{}
	for _, g := range v.Gates {
		r.Gates[g.Name] = g.Verdict
		if gate.RuleOf(g.Name).Trend {
			r.Values[g.Name] = g.Estimate
		}
	}
}

// markComparable finds the reference, which is the latest complete run, and
// marks the runs that are comparable with it.
func (r *Report) markComparable() {
	var reference *Run
	for i := range r.Runs {
		if r.Runs[i].tellPartial() == "" {
			reference = &r.Runs[i]
		}
	}
	if reference != nil {
		r.Reference = reference.Name
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		whole := run.tellPartial() == ""
		run.Why = run.tellUnlike(reference)
		run.Comparable = run.Why == ""
		run.Unlike = whole && !run.Comparable
	}
}

// tellPartial says why a run is no measurement; empty: it is one.
func (r *Run) tellPartial() string {
	switch {
	case r.Why != "":
		return r.Why
	case r.manifest == nil:
		return "it has no manifest"
	case r.manifest.State != run.Complete:
		return fmt.Sprintf("it did not end as declared: its state is %s", r.manifest.State)
	case r.Updates == 0:
		return "it sent no update"
	case r.manifest.HistoryDropped > 0:
		return "its history has holes"
	}
	return ""
}

func (r *Run) tellUnlike(reference *Run) string {
	if why := r.tellPartial(); why != "" || reference == nil {
		return why
	}
	var list []string
	for _, d := range compare.DiffLoads(r.manifest, reference.manifest) {
		list = append(list, d.String())
	}
	if compare.HasOtherHost(reference.manifest, r.manifest) {
		list = append(list, fmt.Sprintf("target %s against %s", r.manifest.Spec.Target, reference.manifest.Spec.Target))
	}
	return strings.Join(list, "; ")
}
