package rundir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file whole or not at all: under a temporary name beside
// it, which then takes its place. On an error, a full disk for instance, the
// file is what it was before. A symbolic link is replaced, not followed.
func WriteFile(path string, data []byte) error {
	if err := replace(path, data); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// WriteJSON writes v as indented JSON, in the way of WriteFile.
func WriteJSON(path string, v any) error {
	text, err := indented(v)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return WriteFile(path, text)
}

func indented(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return text.Bytes(), err
}

func replace(path string, data []byte) error {
	// Renaming onto a device would remove it: -o /dev/null, as root.
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSymlink {
		return errors.New("something that is not a file has this name")
	}
	file, err := temporary(path)
	if err != nil {
		return cause(err)
	}
	err = fill(file, data)
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err == nil {
		return nil
	}
	if left := os.Remove(file.Name()); left != nil {
		return fmt.Errorf("%w (and removing its temporary file: %v)", cause(err), left)
	}
	return cause(err)
}

// temporary creates a new file beside the path, with the permissions that a
// plain new file has here. Its name is free even where a killed process of the
// same number has left one behind.
func temporary(path string) (*os.File, error) {
	dir, base := filepath.Split(path)
	for n := 0; ; n++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%d.%d.tmp", base, os.Getpid(), n))
		file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// fill brings the data to the disk before the name does: after a power cut,
// a file that was renamed first may have its name and no content.
func fill(file *os.File, data []byte) error {
	_, err := file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// cause takes the operating system's word out of an error that repeats the
// path, or tells one that only exists for a moment.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
