package conformance

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// files is a source that writes one file, and counts how often it was asked.
type files struct {
	key   string
	err   error
	asked *int
}

func (f files) Name() string { return "files" }
func (f files) Key() string  { return f.key }

func (f files) Install(_ context.Context, folder string) (string, error) {
	*f.asked++
	return "1.2.3", errors.Join(os.WriteFile(filepath.Join(folder, "server"), nil, 0o755), f.err)
}

// TestInstall holds that what is installed is kept, that another source installs
// anew, and that half an installation is none.
func TestInstall(t *testing.T) {
	cache, asked := t.TempDir(), 0
	install := func(f files) (string, string, error) {
		f.asked = &asked
		s := Server{Name: "files", Source: f, Limit: time.Minute}
		return s.Install(t.Context(), cache)
	}
	for range 2 {
		folder, version, err := install(files{key: "a"})
		if err != nil || version != "1.2.3" || asked != 1 {
			t.Fatalf("installed %q, asked %d times, %v; want 1.2.3, once", version, asked, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "server")); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := install(files{key: "b"}); err != nil || asked != 2 {
		t.Errorf("a source with another key was asked %d times, %v; want 2", asked, err)
	}
	if _, _, err := install(files{key: "c", err: exec.ErrNotFound}); err == nil || asked != 3 {
		t.Errorf("a program that is not there was asked for %d times, %v; want 3 and an error", asked, err)
	}
	if _, err := os.Stat(filepath.Join(cache, "files")); err == nil {
		t.Error("a failed installation is there")
	}
}

func TestTrimVersion(t *testing.T) {
	for text, want := range map[string]string{"2.4.71-1~deb12u1": "2.4.71", "v1.8.0\n": "1.8.0", "3.1.8-2": "3.1.8", "7.2.0": "7.2.0"} {
		if got := trimVersion(text); got != want {
			t.Errorf("trimVersion(%q) is %q, want %q", text, got, want)
		}
	}
}
