// Package telemetry produces what the server said about itself during a run,
// its counts, latencies and alarms, and says whether that agrees with what the
// clients recorded.
//
// Its opinion: a metric is evidence only once it has been reconciled. No data is
// dead telemetry and not zero conflicts; an alarm that could not fire has not
// kept quiet; and counts that differ by one are not "about the same".
//
// The package is pure. How the numbers are fetched is told elsewhere.
package telemetry

import "github.com/occbench/occbench/internal/run"

// What the move API publishes, for every attempt.
const (
	Namespace = "EdgarAutoShop/MoveAPI"
	Service   = "MoveAPI"
	Conflicts = "OCCConflicts" // Count: 1 for an attempt answered 409, else 0
	Latency   = "MoveLatency"  // Milliseconds
)

// Source says where metrics of a run are.
type Source run.CloudWatch

// Metric is the identity of one of the move API's metrics.
func (s Source) Metric(name string) Identity {
	return Identity{Namespace: s.Namespace, Name: name, Dimensions: Dimensions{{"Service", Service}, {"Environment", s.Stage}}}
}

// Lambda is the identity of a metric that AWS publishes of the function.
func (s Source) Lambda(name string) Identity {
	return Identity{Namespace: "AWS/Lambda", Name: name, Dimensions: Dimensions{{"FunctionName", s.Function}}}
}
