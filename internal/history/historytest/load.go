package historytest

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// Load returns the operations of a history that is whole.
func Load(tb testing.TB, path string) []history.Op {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	return read(tb, file, filepath.Base(path))
}

// Parse returns the operations of lines, indented or not, without a header.
func Parse(tb testing.TB, lines string) []history.Op {
	tb.Helper()
	text := history.Header + "\n"
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line != "" {
			text += line + "\n"
		}
	}
	return read(tb, strings.NewReader(text), tb.Name())
}

func read(tb testing.TB, from io.Reader, name string) (ops []history.Op) {
	tb.Helper()
	for r := history.NewReader(from, name); ; {
		op := history.New()
		switch err := r.Read(&op); {
		case err == io.EOF && r.Truncated():
			tb.Fatalf("%s is cut off", name)
		case err == io.EOF:
			return ops
		case err != nil:
			tb.Fatal(err)
		}
		ops = append(ops, op)
	}
}
