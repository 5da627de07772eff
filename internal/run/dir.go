package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Format is the version of the run directory that this package writes. It
// stands in the manifest, and a directory of a newer one is refused.
const Format = 3

// RawFolder holds what programs read of a run. What people look for, the files that
// onTop names, is beside it.
const RawFolder = "raw"

// The files of a run.
const (
	ManifestFile   = "manifest.json"
	HistoryFile    = "history.csv"
	StallsFile     = "stalls.csv"      // when the generator itself did not run
	GeneratorsFile = "generators.json" // the manifests of a merged run's generators
	ClocksFile     = "clocks.json"     // how their clocks relate
	SummaryFile    = "summary.json"
	K6LogFile      = "k6.log"
	ScriptFile     = "reproduce.sh"
	APIFile        = "api.yaml"     // what the target speaks, where that did not come with the binary
	RecordsFile    = "records.json" // the ids of the run's records, where only the seeding knows them
	ProbeFile      = "probe.json"
	SeedFile       = "seed.json"
	AnomaliesFile  = "anomalies.json"
	EvidenceFile   = "evidence.json" // the numbers of the history
	CloudWatchFile = "cloudwatch.json"
	VerdictFile    = "verdict.json"
	TextFile       = "report.txt"
	MarkdownFile   = "report.md"
	HTMLFile       = "report.html"
	JUnitFile      = "junit.xml"
	CTRFFile       = "ctrf.json"
	UXFile         = "ux.ndjson" // what people in browsers saw
	ScreensFolder  = "screens"   // their screenshots
)

// onTop has the files that lie beside RawFolder.
var onTop = map[string]bool{
	ScriptFile: true, VerdictFile: true, TextFile: true, MarkdownFile: true, HTMLFile: true, JUnitFile: true, CTRFFile: true,
}

// Dir is the directory of one run.
type Dir struct {
	path  string
	raw   string // the folder in path of what is not onTop; empty: path itself, as in runs of before
	alone bool   // path is a history, and there is nothing else
}

// newDir returns the directory at a path that is there.
func newDir(path string) Dir {
	d := Dir{path: path}
	if isDir(filepath.Join(path, RawFolder)) {
		d.raw = RawFolder
	}
	return d
}

// FromHistory returns a run that consists only of the history at path: another
// program recorded it.
func FromHistory(path string) Dir { return Dir{path: path, alone: true} }

// IsAlone reports whether there is nothing but a history.
func (d Dir) IsAlone() bool { return d.alone }

// Open returns the run directory at path. It need not be complete, but a
// manifest that is there must be one of this format or an older one. A directory
// without RawFolder has all files on top.
//
// A path where there is nothing is an error that is fs.ErrNotExist.
func Open(path string) (Dir, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Dir{}, fmt.Errorf("opening run %s: %w; a run directory is made by occbench run", path, fs.ErrNotExist)
	}
	if err != nil {
		return Dir{}, fmt.Errorf("opening run %s: %w", path, trimCause(err))
	}
	if !info.IsDir() {
		return Dir{}, fmt.Errorf("opening run %s: it is a file, want the directory of a run", path)
	}
	d := newDir(filepath.Clean(path))
	if _, err := d.ReadManifest(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Dir{}, err
	}
	return d, nil
}

// Path returns the directory's path as it was given.
func (d Dir) Path() string { return d.path }

// Name returns the last element of the path, also of a path like ".".
func (d Dir) Name() string {
	if whole, err := filepath.Abs(d.path); err == nil {
		return filepath.Base(whole)
	}
	return filepath.Base(d.path)
}

// File returns the path of a file of the run, whether it is there or not.
func (d Dir) File(name string) string {
	switch {
	case d.alone && name == HistoryFile:
		return d.path
	case d.alone:
		return filepath.Join(d.path+".alone", name) // where nothing is
	}
	return filepath.Join(d.path, filepath.FromSlash(d.RelativePath(name)))
}

// RelativePath returns the path of a file of the run relative to the run
// directory, with slashes.
func (d Dir) RelativePath(name string) string {
	if onTop[name] {
		return name
	}
	return path.Join(d.raw, name)
}

// Raw returns the folder in which the files for programs lie.
func (d Dir) Raw() string { return filepath.Join(d.path, d.raw) }

// Open opens a file of the run for reading.
func (d Dir) Open(name string) (*os.File, error) { return openPlain(d.File(name)) }

// ReadJSON reads a file of the run as the function ReadJSON does.
func (d Dir) ReadJSON(name string, v any) error { return ReadJSON(d.File(name), v) }

// WriteJSON writes a file of the run as the function WriteJSON does.
func (d Dir) WriteJSON(name string, v any) error { return WriteJSON(d.File(name), v) }

// WriteFile writes a file of the run as the function WriteFile does.
func (d Dir) WriteFile(name string, data []byte) error { return WriteFile(d.File(name), data) }
