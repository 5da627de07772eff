// Package need ends tests that lack something of the machine: a browser, a database, a tool.
//
// OCCBENCH_REQUIRE holds the names of what must be there, with commas between them. A test that lacks one of those
// fails; a test that lacks anything else is skipped.
package need

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const variable = "OCCBENCH_REQUIRE"

// IsRequired reports whether OCCBENCH_REQUIRE names a thing.
func IsRequired(name string) bool {
	return slices.ContainsFunc(strings.Split(os.Getenv(variable), ","), func(s string) bool { return strings.TrimSpace(s) == name })
}

// Skip skips a test that lacks a thing, or fails it where the thing is required.
func Skip(tb testing.TB, name string, why error) {
	tb.Helper()
	if IsRequired(name) {
		tb.Fatalf("%s names %s: %v", variable, name, why)
	}
	tb.Skip(why)
}

// FindChromium returns the path of a browser. One without windows is first: it starts in
// half the time.
func FindChromium() (string, error) {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no chromium on PATH")
}

// Chromium is FindChromium for a test that starts a browser: it is skipped in a short run,
// and skipped or failed where there is none.
func Chromium(tb testing.TB) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("starts a browser")
	}
	path, err := FindChromium()
	if err != nil {
		Skip(tb, "chromium", err)
	}
	return path
}
