//go:build !unix

package doctor

import "errors"

// readFreeBytes returns an error: the free space is not read on this system.
func readFreeBytes(string) (uint64, error) {
	return 0, errors.New("this system is not asked for its free space")
}
