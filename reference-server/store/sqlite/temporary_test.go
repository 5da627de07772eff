//go:build unix

package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestFoldersOfTheDead opens a temporary database beside one that lives and one
// whose process was killed: only the latter is removed.
func TestFoldersOfTheDead(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	open := func() *Store {
		s, err := Open(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	alive := open()
	dead, others := filepath.Join(temp, mark+"dead"), filepath.Join(temp, "somebody-elses")
	for _, dir := range []string{dead, others} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{alive.temporary.path, dead, others} {
		if long := time.Now().Add(-2 * fresh); os.Chtimes(dir, long, long) != nil {
			t.Fatal("the clock of the disk cannot be set")
		}
	}
	next := open()
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("the folder of the dead is there: %v", err)
	}
	if _, err := os.Stat(others); err != nil {
		t.Error(err)
	}
	if err := alive.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	for _, s := range []*Store{alive, next} {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(temp, mark+"*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}
