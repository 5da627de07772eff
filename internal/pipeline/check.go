package pipeline

import (
	"io"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/run"
)

// Check judges the history of a run by itself and writes anomalies.json.
func Check(dir run.Dir, speaks *api.API, sharedRecords bool) (check.Report, error) {
	open := func() (io.ReadCloser, error) { return dir.Open(run.HistoryFile) }
	generators, err := evidence.ReadGenerators(dir)
	if err != nil {
		return check.Report{}, err
	}
	report, err := check.File(open, dir.File(run.HistoryFile), generators.Check(check.Options{API: speaks, Shared: sharedRecords}))
	if err != nil {
		return report, err
	}
	return report, dir.WriteSealed(run.AnomaliesFile, &report)
}
