//go:build !windows

package run

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// writeBeside writes a temporary file in the same folder, brings it to the disk,
// and renames it.
func writeBeside(path string, data []byte) error {
	return renameio.WriteFile(path, data, 0o666, renameio.WithTempDir(filepath.Dir(path)))
}
