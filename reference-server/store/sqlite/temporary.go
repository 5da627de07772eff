package sqlite

import (
	"os"
	"path/filepath"
	"time"
)

// mark begins the name of every temporary folder.
const mark = "occbench-shop-"

// folder is where a temporary database lives. It is held by a lock for as long
// as its process lives: SIGKILL, a second Ctrl-C and a closed pipe leave no time
// to remove it, so the process that makes the next one removes those that no process holds.
type folder struct {
	path string
	lock *os.File
}

func newFolder() (*folder, error) {
	removeAbandoned(os.TempDir())
	path, err := os.MkdirTemp("", mark)
	if err != nil {
		return nil, err
	}
	lock, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	lockFolder(lock)
	return &folder{path, lock}, nil
}

func (f *folder) remove() error {
	err := os.RemoveAll(f.path)
	_ = f.lock.Close() // it was only held
	return err
}

// fresh is the age under which a folder may not be held yet.
const fresh = time.Minute

// removeAbandoned removes the folders of processes that ended. What it cannot remove belongs
// to another user, or is gone already.
func removeAbandoned(parent string) {
	found, _ := filepath.Glob(filepath.Join(parent, mark+"*")) // the pattern is none of a user's
	for _, path := range found {
		info, err := os.Lstat(path)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < fresh {
			continue
		}
		if lock, err := os.Open(path); err == nil {
			if lockFolder(lock) {
				_ = os.RemoveAll(path)
			}
			_ = lock.Close()
		}
	}
}
