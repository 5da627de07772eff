package pipeline

import (
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/validity"
)

// warmupCut finds where the warm-up of a run ends whose warm-up is automatic; 0
// for all others, whose operations are marked.
func warmupCut(dir run.Dir, m *run.Manifest) (time.Duration, error) {
	if m == nil || !m.Spec.WarmupAuto {
		return 0, nil
	}
	var w validity.Warmup
	if _, err := scan(dir, 0, declared(m, func(op *history.Op) { w.Add(op) })); err != nil {
		return 0, err
	}
	return w.Cut(m.Spec.Duration), nil
}

// validities finds what the numbers of a run rest on; nil without a manifest or
// a history.
func validities(dir run.Dir, m *run.Manifest, policy gate.Policy, cut time.Duration, stalls *stall.List) (*validity.Report, error) {
	if m == nil {
		return nil, nil
	}
	r := validityRun(m, policy, cut)
	r.Stalls = stalls
	measured := validity.New(r)
	sum, err := scan(dir, cut, declared(m, measured.Add))
	if err != nil || sum == "" {
		return nil, err
	}
	report, err := measured.Report()
	return &report, err
}

// validityRun takes from a manifest what the history does not know.
func validityRun(m *run.Manifest, policy gate.Policy, cut time.Duration) validity.Run {
	r := validity.Run{
		Spec: m.Spec, Cut: cut, Complete: m.State == run.Complete && m.Reason == "", Ended: ended(m),
		Planned: m.PlannedIterations, Dropped: m.DroppedIterations,
		CPU: time.Duration(m.K6CPU), Cores: m.Cores, Throttled: time.Duration(m.Throttled), ClockStep: time.Duration(m.ClockStep),
		P95Limit: policy.Measure().Limit, Confidence: policy.Confidence,
	}
	if !m.End.IsZero() {
		r.Wall = m.End.Sub(m.Start) - r.ClockStep
	}
	return r
}

// ended says why a run that is complete was shorter than it might have been.
func ended(m *run.Manifest) string {
	if m.State != run.Complete {
		return ""
	}
	return m.Reason
}

// warnings returns what a reader of a verdict must not overlook beside its
// gates.
func warnings(v gate.Verdict) []string {
	r := validity.Report{Contention: v.Contention, Lines: v.Validity}
	return r.Warnings()
}
