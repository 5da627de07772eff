// Package k6import judges again what a plain k6 run left behind: its summary or
// its points.
//
// Its opinion: what k6 did not record cannot be judged, and is said. k6 calls
// every refused conflict a failed request and blends the reading of a list with
// the updating of a record, so a summary decides little; the points keep method and
// status of every request and decide more. Neither holds a version, so no import
// ever passes: whether the server lost an update stays unknown.
package k6import

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/limit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
)

var gzipMagic = []byte{0x1f, 0x8b}

// Read reads a file that k6 wrote and judges it by a policy. Which kind it is,
// its content tells. Where the content is at fault the error names the line.
func Read(path string, policy gate.Policy, a *api.API) (result Result, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, unwrapPathError(err))
	}
	if !info.Mode().IsRegular() {
		return Result{}, fmt.Errorf("importing %s: it is not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, unwrapPathError(err))
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	defer func() { sanitize.Texts(&result) }()
	source, err := openText(file)
	if err != nil {
		return Result{}, fmt.Errorf("importing %s: %w", path, err)
	}
	return readSource(source, path, policy, a)
}

// readSource reads a file of points or a summary; the beginning of the text tells which.
func readSource(source *bufio.Reader, path string, policy gate.Policy, a *api.API) (Result, error) {
	head, err := source.Peek(maxLine)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Result{}, fmt.Errorf("reading %s:1: %w", path, err)
	}
	if foreign := explainForeign(bytes.TrimSpace(head)); foreign != "" {
		return Result{}, fmt.Errorf("importing %s: %s", path, foreign)
	}
	if before, ok := countLinesBefore(head); ok {
		return readPoints(&lines{src: source, name: path, left: mostBytes}, before, policy, a)
	}
	text, err := limit.ReadAll(source, run.MaxJSON)
	if err != nil {
		return Result{}, fmt.Errorf("reading the summary %s: %w", path, err)
	}
	return readSummary(path, text, policy)
}

// countLinesBefore returns how many lines stand before the first point, such as those
// of a log that went into the same file; false when there is no point.
func countLinesBefore(head []byte) (before int, ok bool) {
	for line := range bytes.Lines(head) {
		if isPoint(line) {
			return before, true
		}
		before++
	}
	return 0, false
}

// explainForeign says what a text is that cannot be read, and what to do; "" where it may be
// readable.
func explainForeign(text []byte) string {
	switch {
	case len(text) == 0:
		return "it is empty"
	case bytes.HasPrefix(text, []byte("metric_name,")):
		return "it is k6's CSV output, which is not read; `k6 run --out json=points.ndjson` writes the same points in a form that is"
	case text[0] == '[':
		return "it is a JSON array, and points stand one on a line; `jq -c '.[]' FILE >points.ndjson` makes them so"
	case bytes.Contains(text, []byte(durations+"...")) || bytes.Contains(text, []byte(durations+" ..")):
		return "it is the summary that k6 prints for people, whose numbers are rounded; `k6 run --summary-export summary.json` writes " +
			"one that can be judged"
	}
	return ""
}

// openText returns the content of a file as UTF-8, unpacked when it is packed by
// gzip. PowerShell writes UTF-16, and other programs of Windows a byte order mark.
func openText(file io.Reader) (*bufio.Reader, error) {
	packed := bufio.NewReader(file)
	var content io.Reader = packed
	if head, _ := packed.Peek(len(gzipMagic)); bytes.Equal(head, gzipMagic) {
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		content = unpacked
	}
	decoded := transform.NewReader(content, unicode.BOMOverride(transform.Nop))
	return bufio.NewReaderSize(decoded, maxLine), nil
}

// unwrapPathError returns the cause of an *os.PathError, whose path the caller names already;
// other errors as they are.
func unwrapPathError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
