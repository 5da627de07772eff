package evidence

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

// RunName names a run in those of its files that do not build on its history.
func RunName(m *run.Manifest) string { return m.Base.UTC().Format(time.RFC3339Nano) }

// stamp names the run that a file belongs to.
type stamp struct {
	History string `json:"history"`
	Run     string `json:"run"`
}

// makers names the commands that make files which belong to a history or a run.
var makers = map[string]string{
	run.AnomaliesFile: "occbench check", run.CloudWatchFile: "occbench pull",
	run.ProbeFile: "occbench validate", run.SeedFile: "occbench validate",
}

// tieFiles fills in the hashes of the files, and why any of them cannot be believed: it
// was changed after a stage wrote it, or belongs to another history or run.
func (e *Evidence) tieFiles() error {
	for name, again := range makers {
		var s stamp
		changed, err := e.Dir.ReadSealed(name, &s)
		sum := e.Recording.History()
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case changed:
			e.Doubtful[name] = reason.New("changed_since", "file", name, "by", again)
		case s.History != "" && sum != "" && s.History != sum:
			e.Doubtful[name] = reason.New("of_another_history", "file", name, "again", again)
		case s.Run != "" && e.Manifest != nil && s.Run != RunName(e.Manifest):
			e.Doubtful[name] = reason.New("of_another_run", "file", name)
		}
	}
	var err error
	e.sums, err = sumFiles(e.Dir, run.ManifestFile, run.AnomaliesFile, run.CloudWatchFile, run.ProbeFile, run.SeedFile, run.StallsFile,
		run.GeneratorsFile, run.ClocksFile)
	if sum := e.Recording.History(); sum != "" && err == nil {
		e.sums[run.HistoryFile] = sum
	}
	return err
}

// FindOutdated returns the first file that is not the one which the verdict of the run
// rests on; "": all are. A file that is missing now is told elsewhere.
func (e *Evidence) FindOutdated() string {
	if e.Verdict == nil || len(e.Verdict.BuiltOn) == 0 {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(e.sums)) {
		if e.sums[name] != e.Verdict.BuiltOn[name] {
			return name
		}
	}
	return ""
}
