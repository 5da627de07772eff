package need

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// ending is a test that tells how it was ended.
type ending struct {
	testing.TB
	skipped, failed string
}

func (e *ending) Helper()                        {}
func (e *ending) Skip(a ...any)                  { e.skipped = fmt.Sprint(a...) }
func (e *ending) Fatalf(format string, a ...any) { e.failed = fmt.Sprintf(format, a...) }

func TestSkip(t *testing.T) {
	for value, fails := range map[string]bool{
		"":                   false,
		"postgres":           true,
		"chromium,postgres":  true,
		"postgres, chromium": true,
		"chromium, postgres": true,
		"chromium postgres":  false,
		"postgresql":         false,
		"postgres-17":        false,
	} {
		t.Run(value, func(t *testing.T) {
			t.Setenv(variable, value)
			e := &ending{}
			Skip(e, "postgres", errors.New("no initdb"))
			// A real Fatalf does not return; here a skip follows it.
			if (e.failed != "") != fails || e.skipped != "no initdb" {
				t.Errorf("failed with %q, skipped with %q", e.failed, e.skipped)
			}
		})
	}
}

func TestFindChromium(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if path, err := FindChromium(); err == nil {
		t.Errorf("found %s in an empty folder", path)
	}
	for _, name := range []string{"google-chrome", "chromium", "chromium-headless-shell"} { // each is preferred to the one before
		want := filepath.Join(dir, name)
		if err := os.WriteFile(want, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if path, err := FindChromium(); err != nil || path != want {
			t.Errorf("found %q, %v, want %s", path, err, want)
		}
	}
}
