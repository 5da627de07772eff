//go:build unix

package doctor

import (
	"fmt"
	"syscall"
)

// readFreeBytes returns the bytes that may still be written to the disk of a folder.
func readFreeBytes(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("asking for the free space of %s: %w", dir, err)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
