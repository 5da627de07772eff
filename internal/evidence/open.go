package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/telemetry"
)

// Open reads the files of a run, and its recording. A file that is not there is
// absent from the evidence; one that is damaged is an error.
func Open(dir run.Dir, o Options) (*Evidence, error) {
	rec, err := LoadRecording(dir, o)
	if err != nil {
		return nil, err
	}
	return Gather(dir, rec)
}

// Gather reads the files of a run beside a recording of its history, which may
// be nil.
func Gather(dir run.Dir, rec *Recording) (*Evidence, error) {
	e, err := OpenVerdict(dir)
	if err != nil {
		return nil, err
	}
	e.Recording = rec
	e.Missing = dir.Missing(run.ManifestFile, run.HistoryFile, run.AnomaliesFile)
	if dir.IsAlone() {
		e.Missing = dir.Missing(run.HistoryFile)
	}
	if e.Checked, err = readOptional[check.Report](dir, run.AnomaliesFile); err != nil {
		return nil, err
	}
	if rec != nil && dir.IsAlone() {
		e.Checked = rec.Checked
	}
	if e.Probe, err = readOptional[probe.Result](dir, run.ProbeFile); err != nil {
		return nil, err
	}
	if e.CloudWatch, err = readOptional[telemetry.Report](dir, run.CloudWatchFile); err != nil {
		return nil, err
	}
	if e.CloudWatch == nil && e.Manifest != nil && e.Manifest.CloudWatch != nil {
		e.CloudWatch = &telemetry.Report{Error: dir.Missing(run.CloudWatchFile).String()}
	}
	if e.Generators, err = ReadGenerators(dir); err != nil {
		return nil, err
	}
	if e.Release, err = readOptional[release.Summary](dir, release.SummaryFile); err != nil {
		return nil, err
	}
	if e.HasBrowsers() {
		if e.UX, err = readScreens(dir); err != nil {
			return nil, err
		}
	}
	if err := e.tieFiles(); err != nil {
		return nil, err
	}
	sanitize.Texts(e)
	return e, nil
}

// OpenVerdict reads only the manifest and the verdict of a run. A verdict that was changed since
// it was written is absent and doubtful. Beside an error the evidence holds what could be read.
func OpenVerdict(dir run.Dir) (*Evidence, error) {
	e := &Evidence{Dir: dir, Doubtful: map[string]reason.Reason{}}
	defer sanitize.Texts(e)
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
		e.Doubtful[run.VerdictFile] = reason.New("changed_since", "file", run.VerdictFile, "by", "occbench gate")
	case !v.Verdict.IsKnown():
		return e, fmt.Errorf("reading %s: verdict %.20q is none of PASS, INCONCLUSIVE, FAIL; `occbench gate %s` judges the run again",
			dir.File(run.VerdictFile), string(v.Verdict), dir.Path())
	default:
		v = v.WithWords(e.Words())
		e.Verdict = &v
	}
	return e, nil
}

// LoadRecording returns what the history of a run says: what was kept of it, where that
// is of the same files and answers what is asked, and otherwise what one pass
// over the history finds. It is nil where there is no history.
func LoadRecording(dir run.Dir, o Options) (*Recording, error) {
	if !dir.Has(run.HistoryFile) {
		return nil, nil
	}
	if o.Check == nil {
		kept, err := readKept(dir, o)
		if kept != nil || err != nil {
			return kept, err
		}
	}
	return readHistory(dir, o, mostHeld)
}

// readKept returns the recording of evidence.json; nil where it does not answer
// what is asked. What is wrong with the file is no matter: it can be made again.
func readKept(dir run.Dir, o Options) (*Recording, error) {
	var kept Recording
	changed, err := dir.ReadSealed(run.EvidenceFile, &kept)
	if err != nil || changed || kept.Format != Format {
		return nil, nil
	}
	sums, err := sumFiles(dir, append([]string{run.HistoryFile}, recordedFiles...)...)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	want := newBasis(o.Policy, m, sums)
	if !maps.Equal(kept.Basis.Sums, want.Sums) {
		return nil, nil
	}
	kept.Basis.Sums, want.Sums = want.Sums, nil
	if had := kept.Basis; !o.Any && (had.Confidence != want.Confidence || had.LimitNS != want.LimitNS || had.Anytime != want.Anytime) {
		return nil, nil
	}
	if o.Samples && kept.Samples == nil {
		return nil, nil
	}
	kept.kept = true
	return &kept, nil
}
