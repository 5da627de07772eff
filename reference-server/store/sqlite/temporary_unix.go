//go:build unix

package sqlite

import (
	"os"
	"syscall"
)

// lockFolder locks a folder until the file is closed or the process ends, and reports
// whether it did: another process may hold it.
func lockFolder(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
