// Package k6import judges again what a plain k6 run left behind: its summary or
// its points.
//
// Its opinion: what k6 did not record cannot be judged, and is said. k6 calls
// every refused conflict a failed request and blends the reading of a board with
// the moving of a card, so a summary decides little; the points keep method and
// status of every request and decide more. Neither holds a version, so no import
// ever passes: whether the server lost an update stays unknown.
package k6import

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// Kind is what k6 wrote.
type Kind string

// The kinds, in words.
const (
	LegacySummary  Kind = "summary of --summary-export"
	HandledSummary Kind = "summary of handleSummary"
	MachineSummary Kind = "machine-readable summary"
	Points         Kind = "points of --out json"
)

// Result is what can still be said.
type Result struct {
	File       string      `json:"file"`
	Kind       Kind        `json:"kind"`
	Verdict    gate.Result `json:"verdict"` // never PASS
	Gates      []gate.Gate `json:"gates"`
	Of         string      `json:"of"` // what the gates count: moves, or requests of every kind
	Requests   int         `json:"requests"`
	Thresholds []Threshold `json:"thresholds"` // k6's own, as k6 decided them
	Cannot     []string    `json:"cannot"`     // what the file does not tell
	Notes      []string    `json:"notes"`

	Outcomes map[history.Outcome]int `json:"outcomes,omitempty"` // of moves; only points tell
	Reads    int                     `json:"reads,omitempty"`    // requests that move nothing; only points tell
	Latency  *measure.Latency        `json:"latency,omitempty"`  // of moves; only points tell
}

// Threshold is one of k6's own limits.
type Threshold struct {
	Metric     string `json:"metric"`
	Expression string `json:"expression"`
	Crossed    bool   `json:"crossed"`
}

// maxLine is the size in bytes from which a line of points is refused.
const maxLine = 1 << 20

var gzipMagic = []byte{0x1f, 0x8b}

// Read reads a file that k6 wrote and judges it by a policy. Which kind it is,
// its content tells. Where the content is at fault the error names the line.
func Read(path string, policy gate.Policy) (_ Result, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, cause(err))
	}
	if !info.Mode().IsRegular() {
		return Result{}, fmt.Errorf("importing %s: it is not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, cause(err))
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	source, packed, err := unpacked(file)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, err)
	}
	lines := newLines(source, path)
	first, err := lines.next()
	switch {
	case err == io.EOF && len(first) == 0:
		return Result{}, fmt.Errorf("importing %s: it is empty", path)
	case err != nil && err != io.EOF && !errors.Is(err, errLong):
		return Result{}, err
	}
	if err == nil && isPoint(first) || packed {
		return readPoints(lines, first, policy)
	}
	return readSummary(path, policy)
}

// unpacked returns the content of a file that may be packed by gzip.
func unpacked(file *os.File) (r io.Reader, packed bool, err error) {
	head := make([]byte, len(gzipMagic))
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, false, err
	}
	if !bytes.Equal(head[:n], gzipMagic) {
		return file, false, nil
	}
	z, err := gzip.NewReader(file)
	return z, true, err
}

// cause takes the operating system's word out of an error that repeats the path.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
