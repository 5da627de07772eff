//go:build !unix

package doctor

import "errors"

// free is not known here.
func free(string) (uint64, error) {
	return 0, errors.New("this system is not asked for its free space")
}
