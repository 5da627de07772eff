package pipeline

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

// pulled reads what CloudWatch said of a run, with the clients' counts beside
// it; nil when nobody asked. A run whose manifest names a CloudWatch that was
// never asked has a report that says so.
func pulled(dir run.Dir, m *run.Manifest) (*telemetry.Report, telemetry.Counts, error) {
	var counts telemetry.Counts
	report, err := optional(cloudWatch(dir))
	if err != nil || report == nil && (m == nil || m.CloudWatch == nil) {
		return nil, counts, err
	}
	if report == nil {
		report = &telemetry.Report{Error: dir.Missing(run.CloudWatchFile)}
	}
	_, err = scan(dir, 0, func(op *history.Op) { counts.Add(op) })
	return report, counts, err
}

func cloudWatch(dir run.Dir) (telemetry.Report, error) {
	var r telemetry.Report
	err := dir.ReadJSON(run.CloudWatchFile, &r)
	return r, err
}
