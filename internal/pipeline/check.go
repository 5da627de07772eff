package pipeline

import (
	"io"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/run"
)

// Check judges the history of a run by itself and writes anomalies.json.
func Check(dir run.Dir, speaks *api.API, sharedBoard bool) (check.Report, error) {
	open := func() (io.ReadCloser, error) { return dir.Open(run.HistoryFile) }
	report, err := check.File(open, dir.File(run.HistoryFile), check.Options{API: speaks, Shared: sharedBoard})
	if err != nil {
		return report, err
	}
	return report, dir.WriteSealed(run.FindingsFile, &report)
}
