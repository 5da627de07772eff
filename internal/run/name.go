package run

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"
)

const (
	prefix = "k6_move_"
	stamp  = "20060102_150405"
)

// maxCollisions is how many runs may begin in one second before Create
// suspects that something else is wrong.
const maxCollisions = 1000

// Create makes the directory of a run that begins now, in a parent that is
// made when it is missing: k6_move_YYYYMMDD_HHMMSS in UTC. When another run
// began in the same second, also on another machine with the same parent, the
// name ends in -2, -3 and so on.
func Create(parent string, now time.Time) (Dir, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return Dir{}, fmt.Errorf("creating a run in %s: %w", parent, trimCause(err))
	}
	base := prefix + now.UTC().Format(stamp)
	for n := 1; n <= maxCollisions; n++ {
		name := base
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		path := filepath.Join(parent, name)
		dir, err := Make(path)
		if err == nil {
			linkLatest(parent, name)
			return dir, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return Dir{}, err
		}
	}
	return Dir{}, fmt.Errorf("creating run %s: %d runs began in the same second", filepath.Join(parent, base), maxCollisions)
}

// Make makes the directory of a run at a path. One that is there is an error that is
// fs.ErrExist.
func Make(path string) (Dir, error) {
	err := os.Mkdir(path, 0o755)
	if err == nil {
		err = os.Mkdir(filepath.Join(path, RawFolder), 0o755)
	}
	if err != nil {
		return Dir{}, fmt.Errorf("creating run %s: %w", path, trimCause(err))
	}
	return newDir(filepath.Clean(path)), nil
}

// Latest is the name of the link to the newest run in a folder.
const Latest = "latest"

// linkLatest points Latest to a run. It does nothing on a file system without
// links; nothing depends on the link, since ListDirs finds the newest run by
// name.
func linkLatest(parent, name string) {
	at := filepath.Join(parent, Latest)
	if info, err := os.Lstat(at); err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return // a file or folder of the user's
	}
	next := filepath.Join(parent, "."+Latest+"-"+name)
	if os.Symlink(name, next) == nil && os.Rename(next, at) != nil {
		_ = os.Remove(next) // which the rename left
	}
}

// CheckWritable returns an error when Create could not make a directory in
// parent. It changes nothing there. It tries to write, because permissions do
// not tell of a disk that is mounted read-only.
func CheckWritable(parent string) error {
	dir := filepath.Clean(parent)
	for {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
			continue
		}
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is not a folder", dir)
		}
		if err == nil {
			err = tryWriting(dir)
		}
		if err != nil {
			return fmt.Errorf("creating a run in %s: %w", parent, trimCause(err))
		}
		return nil
	}
}

// tryWriting makes a file and removes it.
func tryWriting(dir string) error {
	file, err := os.CreateTemp(dir, ".occbench-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

var pattern = regexp.MustCompile(`^k6_move_(\d{8}_\d{6})(?:-([2-9]|[1-9]\d{1,8}))?$`)

// parseName returns when a run began, and its number among the runs of that
// second, from 1. ok is false for a name that is not the name of a run.
func parseName(name string) (at time.Time, n int, ok bool) {
	parts := pattern.FindStringSubmatch(name)
	if parts == nil {
		return time.Time{}, 0, false
	}
	at, err := time.Parse(stamp, parts[1])
	if err != nil {
		return time.Time{}, 0, false
	}
	n = 1
	if parts[2] != "" {
		n, err = strconv.Atoi(parts[2])
	}
	return at, n, err == nil
}

// ListDirs returns the runs in a parent, oldest first. What is not called like a
// run is left out; whether the others can be read is for Open to say.
func ListDirs(parent string) ([]Dir, error) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return nil, fmt.Errorf("listing the runs in %s: %w", parent, trimCause(err))
	}
	var runs []Dir
	for _, entry := range entries {
		path := filepath.Join(parent, entry.Name())
		if _, _, ok := parseName(entry.Name()); ok && isDir(path) {
			runs = append(runs, newDir(path))
		}
	}
	slices.SortFunc(runs, compareAge)
	return runs, nil
}

// isDir follows a symbolic link, so that runs may be kept on another disk.
func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func compareAge(a, b Dir) int {
	at, an, _ := parseName(filepath.Base(a.path))
	bt, bn, _ := parseName(filepath.Base(b.path))
	return cmp.Or(at.Compare(bt), cmp.Compare(an, bn))
}
