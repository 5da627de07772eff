package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// DefaultDir is the folder of the release files.
const DefaultDir = "releases"

const stamp = "20060102_150405"

// pattern matches the names of release files; others are left alone.
var pattern = regexp.MustCompile(`^\d{8}_\d{6}(-\d+)?-[A-Za-z0-9._-]+\.json$`)

var unnameable = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// createFile returns the path of a new release file: TIME-TAG.json in UTC, so that
// the order of the names is that of time.
func createFile(dir string, now time.Time, tag string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making the folder of the release files: %w", err)
	}
	if err := syncFolder(filepath.Clean(dir)); err != nil {
		return "", err
	}
	name := strings.Trim(unnameable.ReplaceAllString(tag, "_"), "._-")
	if len(name) > 60 {
		name = name[len(name)-60:]
	}
	if name == "" {
		name = "release"
	}
	for n := 1; n < 1000; n++ {
		again := ""
		if n > 1 {
			again = fmt.Sprintf("-%d", n)
		}
		path := filepath.Join(dir, now.UTC().Format(stamp)+again+"-"+name+".json")
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
	}
	return "", fmt.Errorf("naming a release file in %s: 1000 releases began in the same second", dir)
}

// ErrNone is wrapped by the error of a folder without release files.
var ErrNone = errors.New("there is no release file")

// FindNewest returns the newest release file of a folder, by name. The error is
// ErrNone when there is none.
func FindNewest(dir string) (string, error) {
	all, err := listNewestFirst(dir)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// FindNewestOf returns the newest release file that is about what is asked for:
// functions may share a folder. A file before it that cannot be read is an
// error, for it may be the one.
func FindNewestOf(dir string, about func(Record) bool) (string, error) {
	all, err := listNewestFirst(dir)
	if err != nil {
		return "", err
	}
	for _, path := range all {
		rec, err := Read(path)
		if err != nil {
			return "", err
		}
		if about(rec) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w of it in %s", ErrNone, dir)
}

// listNewestFirst returns the release files of a folder; ErrNone when there is none.
func listNewestFirst(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for release files: %w", err)
	}
	var names []string
	for _, e := range entries {
		if pattern.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w in %s", ErrNone, dir)
	}
	slices.SortFunc(names, func(a, b string) int { return compareNames(b, a) })
	for i, name := range names {
		names[i] = filepath.Join(dir, name)
	}
	return names, nil
}

// compareNames orders two files of one second by their number: -2 begins after
// the one without.
func compareNames(a, b string) int {
	return strings.Compare(sortKey(a), sortKey(b))
}

func sortKey(name string) string {
	again := pattern.FindStringSubmatch(name)[1]
	return name[:len(stamp)] + fmt.Sprintf("%5s", strings.TrimPrefix(again, "-"))
}

// syncFolder brings the names of a folder to the disk: after a power cut, a file
// that was synced may still be without its name.
// Windows keeps names by itself and cannot sync a folder.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("bringing %s to the disk: %w", path, err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("bringing %s to the disk: %w", path, err)
	}
	return nil
}
