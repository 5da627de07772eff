// Package need ends tests that lack something of the machine: a browser, a database, a tool.
//
// OCCBENCH_REQUIRE holds the names of what must be there, with commas between them. A test that lacks one of those
// fails; a test that lacks anything else is skipped.
package need

import (
	"os"
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
