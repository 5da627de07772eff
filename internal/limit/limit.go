// Package limit reads what others made, up to a size: a file that is not what its name
// says must not fill the memory.
package limit

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadAll returns all that a reader has. An error says how many bytes are allowed if it
// has more than most.
func ReadAll(from io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(text)) > most && most < 1<<20:
		return nil, fmt.Errorf("larger than %d KiB", most>>10)
	case int64(len(text)) > most:
		return nil, fmt.Errorf("larger than %d MiB", most>>20)
	}
	return text, nil
}

// ReadFile is ReadAll for a file. An error names it.
func ReadFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := ReadAll(file, most)
	var named *os.PathError
	if err != nil && !errors.As(err, &named) {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return text, errors.Join(err, file.Close())
}
