// Package goldentest compares what tests write with what stands in files, and with -update writes the files anew.
package goldentest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write goldens, and tables of pages, anew")

// IsUpdating reports whether golden files are written anew.
func IsUpdating() bool { return *update }

// CompareFile compares a text with a file.
func CompareFile(tb testing.TB, path, got string) {
	tb.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		tb.Errorf("%s is another one, -update writes it anew (-want +got)\n%s", path, diff)
	}
}

// ComparePart compares a text with what stands between two marks of a page. It returns the page before and after them.
func ComparePart(tb testing.TB, page, begin, end, got string) (before, after string) {
	tb.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		tb.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		tb.Fatalf("%s has nothing between %q and %q", page, begin, end)
	}
	CompareFile(tb, page, before+begin+got+end+after)
	return before, after
}
