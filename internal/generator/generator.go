// Package generator is what one k6 process of a run that several make leaves
// behind: a directory with its history and generator.json, which says which part
// of which run it was.
//
// Its opinion: a directory is complete by itself. Nothing that merging and judging
// need stands in another place, so directories can be copied, kept, and merged on
// another machine.
package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// ManifestFile is the file beside history.csv and stalls.csv that says what they are.
const ManifestFile = "generator.json"

// Manifest is the content of generator.json.
type Manifest struct {
	Format int    `json:"format"`
	Run    string `json:"run"`       // id of the run, the same for all its generators
	Name   string `json:"generator"` // of the directory, and in the history's last column after merging

	Segment  string `json:"segment"`  // of the load, as k6 writes it: 0:1/4
	Sequence string `json:"sequence"` // all segments: 0,1/4,2/4,3/4,1

	Spec run.Spec `json:"-"` // what was declared of the whole run: the members that the table of run names

	ToolVersion string `json:"tool_version"`
	K6Version   string `json:"k6_version"`

	// What the pipeline knows of the target, as in a run's manifest.
	TargetBuild string       `json:"target_build,omitempty"`
	Dialect     string       `json:"dialect,omitempty"`
	Divided     bool         `json:"divided,omitempty"`
	CloudWatch  *run.Metrics `json:"cloudwatch,omitempty"`

	Start     time.Time `json:"start"`
	End       time.Time `json:"end,omitzero"`
	Base      time.Time `json:"base"`         // wall clock at zero of the history's clock, to the nanosecond
	Monotonic int64     `json:"monotonic_ns"` // the machine's monotonic clock at zero of the history's clock
	Boot      string    `json:"boot"`         // id of the machine's boot, to which that clock belongs; empty: unknown

	State  run.State `json:"state"`
	Reason string    `json:"reason,omitempty"`

	HistoryDropped    int64 `json:"history_dropped"`
	PlannedIterations int64 `json:"planned_iterations,omitempty"` // as in a run's manifest, of this generator's share
	DroppedIterations int64 `json:"dropped_iterations,omitempty"`

	CPU       run.DurationText `json:"cpu,omitzero"`       // processor time that k6 took
	Cores     float64          `json:"cores,omitempty"`    // processors that it could use
	Throttled run.DurationText `json:"throttled,omitzero"` // how long a quota held it back
	ClockStep run.DurationText `json:"clock_step,omitzero"`

	Lost bool `json:"lost,omitempty"` // in a merged run: nothing of the generator was there

	Builds   []run.Build   `json:"builds,omitempty"`
	Troubles []run.Trouble `json:"troubles,omitempty"`

	Sums map[string]string `json:"sha256,omitempty"` // of the files beside it, by name, once it has ended
}

// MarshalJSON writes the members of the manifest, and beside them those of the
// declared run.
func (m Manifest) MarshalJSON() ([]byte, error) {
	type plain Manifest
	own, err := run.Encode(plain(m))
	if err != nil {
		return nil, err
	}
	declared, err := run.Encode(m.Spec)
	if err != nil {
		return nil, err
	}
	return slices.Concat(own[:len(own)-1], []byte(","), declared[1:]), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Manifest) UnmarshalJSON(text []byte) error {
	type plain Manifest
	if err := json.Unmarshal(text, (*plain)(m)); err != nil {
		return err
	}
	return json.Unmarshal(text, &m.Spec)
}

// IsCounted reports whether the history of the generator is known to be whole: one that
// failed or was killed may have done what it did not record.
func (m *Manifest) IsCounted() bool {
	return !m.Lost && (m.State == run.Complete || m.State == run.Interrupted)
}

// Read reads the manifest of a generator's directory.
func Read(dir string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(dir, ManifestFile)
	if err := run.ReadJSON(path, &m); err != nil {
		return Manifest{}, err
	}
	if m.Format < 1 || m.Run == "" || m.Name == "" {
		return Manifest{}, fmt.Errorf("reading %s: it names no format, run or generator, so it is not the manifest of a generator", path)
	}
	if copied := filepath.Join(dir, run.APIFile); fileExists(copied) {
		m.Spec.APICopy = copied
	}
	return m, nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// KeepInputs puts into a generator's directory what judging may need again: the API
// file of a spec, where it does not come with the binary, and the ids of the run's
// records, where they stand in a file. It returns the spec that names the copy.
func KeepInputs(dir string, s run.Spec, records string) (run.Spec, error) {
	d, err := run.Open(dir)
	if err != nil {
		return s, err
	}
	if s, err = d.KeepAPI(s); err != nil || records == "" {
		return s, err
	}
	var ids []string
	if err := run.ReadJSON(records, &ids); err != nil {
		return s, err
	}
	return s, d.WriteJSON(run.RecordsFile, ids)
}

// MeasureClockStep returns what the wall clock was set by between two moments of one
// process: they carry the monotonic clock beside it.
func MeasureClockStep(start, end time.Time) time.Duration {
	return (end.Round(0).Sub(start.Round(0)) - end.Sub(start)).Round(time.Millisecond)
}

// summed are the files of a generator whose hash its manifest tells.
var summed = []string{run.HistoryFile, run.StallsFile, run.APIFile, run.RecordsFile}

// HashFiles notes the hashes of the files in a generator's directory.
func (m *Manifest) HashFiles(dir string) error {
	m.Sums = map[string]string{}
	for _, name := range summed {
		text, err := SumFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		default:
			m.Sums[name] = text
		}
	}
	return nil
}

// SumFile returns the SHA-256 of a file in hexadecimal digits.
func SumFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// Write writes the manifest into a generator's directory.
func Write(dir string, m Manifest) error {
	m.Format = run.Format
	m.Start, m.End, m.Base = m.Start.UTC(), m.End.UTC(), m.Base.UTC()
	return run.WriteJSON(filepath.Join(dir, ManifestFile), &m)
}
