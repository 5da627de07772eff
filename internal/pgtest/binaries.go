package pgtest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/occbench/occbench/internal/need"
)

// FindBinary returns the path of one of PostgreSQL's programs, such as pgbench, of
// the newest version installed. Without it the test is skipped, or failed when
// OCCBENCH_REQUIRE says that PostgreSQL must be there.
func FindBinary(tb testing.TB, name string) string {
	tb.Helper()
	path, err := lookUp(name)
	if err != nil {
		skipTest(tb, err)
	}
	return path
}

// skipTest ends a test that needs PostgreSQL where there is none.
func skipTest(tb testing.TB, err error) {
	tb.Helper()
	need.Skip(tb, "postgres", fmt.Errorf("%w (apt-get install postgresql, or set %s)", err, envURL))
}

// lookUp finds a program. Debian keeps all but psql off the PATH, in a folder
// per version.
func lookUp(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", fmt.Errorf("looking for %s: %w", name, err)
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return parseMajorVersion(a) - parseMajorVersion(b) }), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("PostgreSQL's %s is in neither /usr/lib/postgresql/*/bin nor PATH", name)
	}
	return path, nil
}

// parseMajorVersion reads the major version out of /usr/lib/postgresql/15/bin/initdb; a
// folder with another name counts as the oldest.
func parseMajorVersion(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return -1
	}
	return n
}
