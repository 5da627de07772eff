package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Format is the version of the run directory that this package writes. It
// stands in the manifest, and a directory of a newer one is refused.
const Format = 3

// The files of a run.
const (
	ManifestFile   = "manifest.json"
	HistoryFile    = "history.csv"
	StallsFile     = "stalls.csv" // when the generator itself did not run
	SummaryFile    = "summary.json"
	K6LogFile      = "k6.log"
	ProbeFile      = "probe.json"
	SeedFile       = "seed.json"
	FindingsFile   = "anomalies.json"
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

// Dir is the directory of one run.
type Dir struct{ path string }

// Open returns the run directory at path. It need not be complete, but a
// manifest that is there must be one of this format or an older one.
//
// A path where there is nothing is an error that is fs.ErrNotExist.
func Open(path string) (Dir, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Dir{}, fmt.Errorf("opening run %s: %w; a run directory is made by occbench run", path, fs.ErrNotExist)
	}
	if err != nil {
		return Dir{}, fmt.Errorf("opening run %s: %w", path, cause(err))
	}
	if !info.IsDir() {
		return Dir{}, fmt.Errorf("opening run %s: it is a file, want the directory of a run", path)
	}
	d := Dir{filepath.Clean(path)}
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
func (d Dir) File(name string) string { return filepath.Join(d.path, name) }

// Open opens a file of the run for reading.
func (d Dir) Open(name string) (*os.File, error) { return open(d.File(name)) }

// ReadJSON reads a file of the run as the function ReadJSON does.
func (d Dir) ReadJSON(name string, v any) error { return ReadJSON(d.File(name), v) }

// WriteJSON writes a file of the run as the function WriteJSON does.
func (d Dir) WriteJSON(name string, v any) error { return WriteJSON(d.File(name), v) }

// WriteFile writes a file of the run as the function WriteFile does.
func (d Dir) WriteFile(name string, data []byte) error { return WriteFile(d.File(name), data) }
