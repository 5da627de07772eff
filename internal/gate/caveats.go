package gate

import (
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
)

// listCaveats returns the reasons that forbid a PASS whatever the gates say.
func listCaveats(p Policy, e Evidence) []reason.Reason {
	all := e.Run.caveats()
	if void := e.explainVoid(); !void.IsZero() {
		all = append(all, void)
	}
	if e.Numbers == nil {
		return all
	}
	return append(append(all, checkAudits(e.Numbers.Audits)...), checkCalls(p, e.Numbers)...)
}

func (f Facts) caveats() []reason.Reason {
	var all []reason.Reason
	if f.Interrupted != "" {
		all = append(all, reason.New("partial", "text", f.Interrupted))
	}
	for _, failed := range f.Failed {
		all = append(all, reason.New("stage_failed", "stage", failed.Stage, "text", failed.Reason))
	}
	all = append(all, f.Caveats...)
	if f.Truncated {
		all = append(all, reason.New("cut_off"))
	}
	return all
}

// checkAudits asks for both audits. Without the last one, an update that was answered
// 200 and never written would go unseen.
func checkAudits(a measure.Audits) []reason.Reason {
	var all []reason.Reason
	for _, audit := range []struct {
		measure.Audit
		name string
	}{{a.First, "first"}, {a.Last, "final"}} {
		switch {
		case !audit.Present:
			all = append(all, reason.New("no_audit", "which", audit.name))
		case !audit.OK:
			all = append(all, reason.New("audit_failed", "which", audit.name))
		}
	}
	return all
}

// checkCalls looks at what no gate of updates sees: a target that died, and list
// reads that fail while the updates that still get through succeed.
func checkCalls(p Policy, n *measure.Numbers) []reason.Reason {
	var all []reason.Reason
	if n.Outage != nil {
		all = append(all, reason.New("outage", "since", n.Outage.SinceS, "n", n.Outage.Failures))
	}
	if stats.RateLower(n.Reads.Failed, n.Reads.Count, p.Confidence) > p.Limit(ErrorRate) {
		all = append(all, reason.New("reads_failed", "failed", n.Reads.Failed, "n", n.Reads.Count))
	}
	return all
}
