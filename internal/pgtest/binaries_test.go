package pgtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// ending is a test that tells how it was ended.
type ending struct {
	testing.TB
	skipped, failed string
}

func (e *ending) Helper()                        {}
func (e *ending) Skipf(format string, a ...any)  { e.skipped = fmt.Sprintf(format, a...) }
func (e *ending) Fatalf(format string, a ...any) { e.failed = fmt.Sprintf(format, a...) }

func TestAbsence(t *testing.T) {
	for _, c := range []struct {
		require string
		fails   bool
	}{
		{"", false},
		{"postgres", true},
		{"browser,postgres", true},
		{"browser postgres", true},
		{"postgresql", false},
	} {
		t.Run(c.require, func(t *testing.T) {
			t.Setenv("OCCBENCH_REQUIRE", c.require)
			e := &ending{}
			absent(e, errors.New("no initdb"))
			// A real Fatalf does not return; here a skip may follow it.
			if (e.failed != "") != c.fails || !c.fails && (e.skipped == "" || strings.Contains(e.skipped, "\n")) {
				t.Errorf("failed with %q, skipped with %q", e.failed, e.skipped)
			}
		})
	}
}

func TestNewestRelease(t *testing.T) {
	if release("/usr/lib/postgresql/9/bin/initdb") >= release("/usr/lib/postgresql/15/bin/initdb") {
		t.Error("release 9 is newer than 15")
	}
}
