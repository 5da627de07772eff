// Package evidence is everything that a run directory says, read once.
//
// A Recording is what the history of a run says: all judges ride one pass over
// its file, so none of them reads it by itself. Evidence is the recording with
// the other files of the run beside it. Gates, comparisons, trends and reports
// take evidence and read no file.
//
// Its opinion: a number is computed once. evidence.json keeps those of a
// recording with the hashes of the files that they were made from; where these
// are still the same the file is taken, and otherwise the history is read anew.
//
// The package stands above the judges because it knows all of them; package run
// stands below because they know a run's Spec.
package evidence

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/ux"
)

// Evidence is everything that a run directory says. What is absent is nil.
type Evidence struct {
	Dir      run.Dir
	Manifest *run.Manifest
	Verdict  *gate.Verdict

	Recording  *Recording // nil: there is no history, or it was not asked for
	Findings   *check.Report
	Probe      *probe.Result
	CloudWatch *telemetry.Report // where the manifest names one that was never asked, the report says so
	UX         *ux.Numbers       // nil: nothing was noted, or there was no browser
	Release    *release.Summary  // of the release that the run validated

	Doubtful map[string]string // by file: why it cannot be believed, in words
	Missing  string            // files that a verdict needs and that are not there, in words; empty: none
	sums     map[string]string // hashes of what a verdict rests on, by file
}

// Open reads the files of a run, and its recording. A file that is not there is
// absent from the evidence; one that is damaged is an error.
func Open(dir run.Dir, o Options) (*Evidence, error) {
	rec, err := Record(dir, o)
	if err != nil {
		return nil, err
	}
	return Gather(dir, rec)
}

// Gather reads the files of a run beside a recording of its history, which may
// be nil.
func Gather(dir run.Dir, rec *Recording) (*Evidence, error) {
	e, err := Glance(dir)
	if err != nil {
		return nil, err
	}
	e.Recording = rec
	e.Missing = dir.Missing(run.ManifestFile, run.HistoryFile, run.FindingsFile)
	if e.Findings, err = readOptional[check.Report](dir, run.FindingsFile); err != nil {
		return nil, err
	}
	if e.Probe, err = readOptional[probe.Result](dir, run.ProbeFile); err != nil {
		return nil, err
	}
	if e.CloudWatch, err = readOptional[telemetry.Report](dir, run.CloudWatchFile); err != nil {
		return nil, err
	}
	if e.CloudWatch == nil && e.Manifest != nil && e.Manifest.CloudWatch != nil {
		e.CloudWatch = &telemetry.Report{Error: dir.Missing(run.CloudWatchFile)}
	}
	if e.Release, err = readOptional[release.Summary](dir, release.SummaryFile); err != nil {
		return nil, err
	}
	if e.Browsed() {
		if e.UX, err = readScreens(dir); err != nil {
			return nil, err
		}
	}
	if err := e.tie(); err != nil {
		return nil, err
	}
	e.cleanText()
	return e, nil
}

// Glance reads the manifest and the verdict of a run alone. A verdict that was
// changed since it was written is absent and doubtful. Beside an error the
// evidence holds what could be read.
func Glance(dir run.Dir) (*Evidence, error) {
	e := &Evidence{Dir: dir, Doubtful: map[string]string{}}
	defer e.cleanText()
	var err error
	if e.Manifest, err = readManifest(dir); err != nil {
		return e, err
	}
	var v gate.Verdict
	changed, err := dir.ReadSealed(run.VerdictFile, &v)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return e, err
	case changed:
		e.Doubtful[run.VerdictFile] = run.VerdictFile + " was changed after `occbench gate` wrote it"
	case !v.Verdict.Known():
		return e, fmt.Errorf("reading %s: verdict %.20q is none of PASS, INCONCLUSIVE, FAIL; `occbench gate %s` judges the run again",
			dir.File(run.VerdictFile), string(v.Verdict), dir.Path())
	default:
		e.Verdict = &v
	}
	return e, nil
}

// Browsed reports whether people in browsers took part.
func (e *Evidence) Browsed() bool { return e.Manifest != nil && e.Manifest.Spec.Browser > 0 }

// readManifest returns nil where there is none.
func readManifest(dir run.Dir) (*run.Manifest, error) {
	m, err := dir.ReadManifest()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &m, nil
}

// readOptional reads a JSON file of the run; nil where there is none.
func readOptional[T any](dir run.Dir, name string) (*T, error) {
	var v T
	err := dir.ReadJSON(name, &v)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// readScreens measures what the browsers of a run noted; nil when they noted
// nothing.
func readScreens(dir run.Dir) (_ *ux.Numbers, err error) {
	file, err := dir.Open(run.UXFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	numbers, err := ux.Read(file, dir.File(run.UXFile))
	if err != nil {
		return nil, err
	}
	return &numbers, nil
}
