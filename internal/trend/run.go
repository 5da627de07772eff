package trend

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// read reads what a run's manifest and verdict say.
func read(d run.Dir) Run {
	r := Run{Name: d.Name(), Values: map[string]*float64{}}
	if lack := d.Missing(run.ManifestFile, run.VerdictFile); lack != "" {
		r.Why = lack
	}
	if d.Has(run.HTMLFile) {
		r.Report = run.HTMLFile
	} else if d.Has(run.TextFile) {
		r.Report = run.TextFile
	}
	e, err := evidence.Glance(d)
	if m := e.Manifest; m != nil {
		r.manifest = m
		r.Start, r.Build, r.Fault = m.Start, m.TargetBuild, m.Spec.Fault
	}
	switch {
	case err != nil:
		r.Why = err.Error()
	case e.Doubtful[run.VerdictFile] != "":
		r.Why = e.Doubtful[run.VerdictFile]
	case e.Verdict != nil:
		r.judged(*e.Verdict)
	}
	return r
}

func (r *Run) judged(v gate.Verdict) {
	r.Verdict = v.Verdict
	for _, n := range v.Outcomes {
		r.Moves += n
	}
	for _, g := range v.Gates {
		if gate.RuleOf(g.Name).Trend {
			r.Values[g.Name] = g.Estimate
		}
	}
}

// compare finds the reference, the latest run that went through, and which runs
// are like it.
func (r *Report) compare() {
	var reference *Run
	for i := range r.Runs {
		if r.Runs[i].whole() == "" {
			reference = &r.Runs[i]
		}
	}
	if reference != nil {
		r.Reference = reference.Name
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		run.Why = run.unlike(reference)
		run.Comparable = run.Why == ""
	}
}

// whole says why a run is no measurement; empty: it is one.
func (r *Run) whole() string {
	switch {
	case r.Why != "":
		return r.Why
	case r.manifest == nil:
		return "it has no manifest"
	case r.manifest.State != run.Complete:
		return fmt.Sprintf("it did not end as declared: its state is %s", r.manifest.State)
	case r.Moves == 0:
		return "it made no move"
	case r.manifest.HistoryDropped > 0:
		return "its history has holes"
	}
	return ""
}

func (r *Run) unlike(reference *Run) string {
	if why := r.whole(); why != "" || reference == nil {
		return why
	}
	var list []string
	for _, d := range compare.Unlike(r.manifest, reference.manifest) {
		list = append(list, d.String())
	}
	if compare.OtherHost(reference.manifest, r.manifest) {
		list = append(list, fmt.Sprintf("target %s against %s", r.manifest.Spec.Target, reference.manifest.Spec.Target))
	}
	return strings.Join(list, "; ")
}
