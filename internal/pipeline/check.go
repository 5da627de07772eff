package pipeline

import (
	"io"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/rundir"
)

// Check judges the history of a run and writes findings.json.
func Check(dir rundir.Dir, sharedBoard bool) (check.Report, error) {
	open := func() (io.ReadCloser, error) { return dir.Open(rundir.HistoryFile) }
	report, err := check.File(open, dir.File(rundir.HistoryFile), check.Options{SharedBoard: sharedBoard})
	if err != nil {
		return report, err
	}
	return report, dir.WriteSealed(rundir.FindingsFile, &report)
}
