package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// WriteFile writes a file whole or not at all: under a temporary name beside
// it, which then takes its place. On an error, a full disk for instance, the
// file is what it was before. A symbolic link is replaced, not followed.
func WriteFile(path string, data []byte) error {
	if err := replaceFile(path, data); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// WriteJSON writes v as indented JSON, in the way of WriteFile.
func WriteJSON(path string, v any) error {
	text, err := encodeIndented(v)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return WriteFile(path, text)
}

func encodeIndented(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return text.Bytes(), err
}

func replaceFile(path string, data []byte) error {
	// Renaming onto a device would remove it: -o /dev/null, as root.
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSymlink {
		return errors.New("something that is not a file has this name")
	}
	if err := writeBeside(path, data); err != nil {
		return trimCause(err)
	}
	return nil
}

// trimCause returns the operating system's own error, without the paths: one
// of them would be repeated, or be that of a temporary file.
func trimCause(err error) error {
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
