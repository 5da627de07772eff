package pipeline

import "github.com/occbench/occbench/internal/run"

// Subject is the system under test, as far as earlier stages know it.
type Subject struct {
	Build   string
	Dialect string
	Bundled bool // it is the bundled server

	CloudWatch *run.Metrics // where its metrics are; nil: what the settings say of a target

	latency latencies
	kept    map[string]any // by name of the file: what the stages before found, which a run of several generators keeps with each
	alone   bool           // it was looked whether others update its records
}
