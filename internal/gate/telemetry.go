package gate

import (
	"github.com/occbench/occbench/internal/telemetry"
)

// pulled reports whether somebody asked CloudWatch. Where nobody did, its gates
// do not exist: a target without CloudWatch is not to blame for that.
func pulled(e Evidence) bool { return e.CloudWatch != nil }

// judgeTelemetry asks that the server's own counts are those of its clients.
// Metrics that do not agree show nothing about the server, so the gate never
// fails: it is open until they do.
func judgeTelemetry(_ Policy, e Evidence) Gate {
	g := Gate{Limit: float64(e.Counts.Attempts)}
	if void := e.void(); void != "" {
		return g.say(Inconclusive, void)
	}
	a := telemetry.Reconcile(e.Counts, e.CloudWatch, e.Numbers.Latency.P95MS)
	if a.Finding != telemetry.NotPulled {
		seen := float64(e.CloudWatch.Server.Attempts)
		g.Estimate, g.N = &seen, e.Counts.Attempts
	}
	if a.Finding == telemetry.Agrees {
		return g.say(Pass, a.Words)
	}
	return g.say(Inconclusive, a.Words)
}

// judgeAlarms asks that no alarm fired during the run.
func judgeAlarms(p Policy, e Evidence) Gate {
	q := telemetry.Watched(e.CloudWatch, p.ConflictRate, e.Counts)
	fired := float64(q.Firings)
	g := Gate{Estimate: &fired, N: q.Alarms}
	switch {
	case q.Fired:
		return g.say(Fail, q.Words)
	case q.Unknown:
		g.Estimate = nil
		return g.say(Inconclusive, q.Words)
	}
	return g.say(Pass, q.Words)
}
