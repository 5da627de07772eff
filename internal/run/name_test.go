package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is 12:00:05 in UTC, told by a clock two hours ahead.
var noon = time.Date(2026, 11, 23, 14, 0, 5, 0, time.FixedZone("EET", 2*60*60))

func TestCreate(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "load_test_results")
	for _, want := range []string{"k6_move_20261123_120005", "k6_move_20261123_120005-2", "k6_move_20261123_120005-3"} {
		d, err := Create(parent, noon)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name() != want || d.Path() != filepath.Join(parent, want) {
			t.Errorf("created %s at %s, want %s", d.Name(), d.Path(), want)
		}
		if info, err := os.Stat(d.Path()); err != nil || !info.IsDir() {
			t.Errorf("%s is no directory (%v)", d.Path(), err)
		}
	}
}

// TestCreateAtOnce lets many begin in the same second: each gets its own.
func TestCreateAtOnce(t *testing.T) {
	parent := t.TempDir()
	const runs = 40
	names := make([]string, runs)
	var creating sync.WaitGroup
	for i := range runs {
		creating.Go(func() {
			d, err := Create(parent, noon)
			if err != nil {
				t.Error(err)
			}
			names[i] = d.Name()
		})
	}
	creating.Wait()
	slices.Sort(names)
	if distinct := slices.Compact(names); len(distinct) != runs {
		t.Errorf("%d runs share %d directories", runs, len(distinct))
	}
}

func TestCreateTellsWhy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Create(file, noon)
	if want := "creating a run in " + file + ": not a directory"; err == nil || err.Error() != want || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestList(t *testing.T) {
	parent := t.TempDir()
	elsewhere := t.TempDir()
	for _, name := range []string{
		"k6_move_20261123_120005-10", "k6_move_20261123_120005-2", "k6_move_20261123_120005", "k6_move_20251231_235959-3",
		"k6_move_20261123_120005-1", "k6_move_20261123_120005-02", "k6_move_20261399_120005", "k6_move_20261123", "notes",
		"k6_move_20261123_120005-2.bak", "xk6_move_20261123_120005",
	} {
		if err := os.Mkdir(filepath.Join(parent, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(parent, "k6_move_20261123_120006"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"k6_move_20261124_000000": elsewhere, "k6_move_20261124_000001": filepath.Join(elsewhere, "gone"), "latest": elsewhere,
	} {
		if err := os.Symlink(target, filepath.Join(parent, link)); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := ListDirs(parent)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, dir := range runs {
		names = append(names, dir.Name())
	}
	want := []string{
		"k6_move_20251231_235959-3", "k6_move_20261123_120005", "k6_move_20261123_120005-2", "k6_move_20261123_120005-10",
		"k6_move_20261124_000000",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	if _, err := ListDirs(filepath.Join(parent, "none")); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "listing the runs in ") {
		t.Errorf("a parent that is not there: %v", err)
	}
}

func TestWritable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                               "",
		filepath.Join(dir, "new", "runs"): "",
		file:                              "file is not a folder",
		filepath.Join(file, "runs"):       "not a directory",
	} {
		err := CheckWritable(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "creating a run in "+path) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left behind (%v)", left, err)
	}
}
