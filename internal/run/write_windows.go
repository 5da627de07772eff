package run

import (
	"errors"
	"os"
	"path/filepath"
)

// writeBeside writes a temporary file in the same folder, brings it to the disk,
// and renames it. renameio leaves Windows out, where a rename is not promised to be
// atomic; it is the nearest thing to it.
func writeBeside(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(file.Name()))
	}
	return err
}
