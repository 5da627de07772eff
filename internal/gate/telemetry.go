package gate

import (
	"github.com/occbench/occbench/internal/telemetry"
)

// The gates of what the server says of itself.
const (
	Telemetry = "telemetry"
	Alarms    = "alarms"
)

func init() {
	Register(Rule{
		Name: Telemetry, Short: "telemetry", Title: "Server-side metrics",
		Question: "the server's own metrics agree with what the clients saw; asked when CloudWatch was pulled",
		Unit:     Cases, Kind: Same, Place: 60, Gravity: 10, Server: true, Judge: judgeTelemetry, Asked: wasPulled,
	})
	Register(Rule{
		Name: Alarms, Short: "alarms", Title: "Alarms",
		Question: "no alarm fired during the run; asked when CloudWatch was pulled",
		Unit:     Cases, Kind: None, Cases: [2]string{"alarm", "alarms"}, Place: 70, Gravity: 20, Server: true, Judge: judgeAlarms,
		Asked: mayAlarm,
	})
}

// wasPulled reports whether CloudWatch was asked. Where it was not, its gates do not
// exist: a target without CloudWatch is not to blame for that.
func wasPulled(e Evidence) bool { return e.CloudWatch != nil }

// judgeTelemetry asks that the server's own counts are those of its clients.
// Metrics that do not agree show nothing about the server, so the gate never
// fails: it is open until they do.
func judgeTelemetry(_ Policy, e Evidence) Gate {
	g := Gate{Limit: float64(e.Counts.Attempts)}
	if void := e.explainVoid(); !void.IsZero() {
		return g.decideFor(Inconclusive, void)
	}
	a := telemetry.Reconcile(e.Counts, e.CloudWatch, e.Numbers.Latency.P95MS)
	if a.Finding != telemetry.NotPulled {
		seen := float64(e.CloudWatch.Server.Attempts)
		g.Estimate, g.N = &seen, e.Counts.Attempts
	}
	if a.Finding == telemetry.Agrees {
		return g.decideFor(Pass, a.Why)
	}
	return g.decideFor(Inconclusive, a.Why)
}

// judgeAlarms asks that no alarm fired during the run.
func judgeAlarms(p Policy, e Evidence) Gate {
	q := telemetry.JudgeAlarms(e.CloudWatch, p.Limit(ConflictRate), e.Counts)
	fired := float64(q.Firings)
	g := Gate{Estimate: &fired, N: q.Alarms}
	switch {
	case q.Fired:
		return g.decideFor(Fail, q.Why)
	case q.Unknown:
		g.Estimate = nil
		return g.decideFor(Inconclusive, q.Why)
	}
	return g.decideFor(Pass, q.Why)
}
