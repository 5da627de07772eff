package history

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Follower reads a history while it is being written. It returns only complete
// lines, so half a line at the end is a line of the next time.
type Follower struct {
	path   string
	file   *os.File
	reader *Reader
}

// Follow returns a follower of the file at path, which need not exist yet.
func Follow(path string) *Follower { return &Follower{path: path} }

// Read fills o with the next operation. io.EOF says that no more is complete
// for now; call again later. Other errors are those of Reader.Read, and one for
// a file that has become shorter: a history is only ever appended to.
func (f *Follower) Read(o *Op) error {
	if err := f.open(); err != nil {
		return err
	}
	err := f.reader.Read(o)
	if err == io.EOF {
		if shrunk := f.shrunk(); shrunk != nil {
			return f.reader.keep(shrunk)
		}
	}
	return err
}

// Line returns the line of the operation last read.
func (f *Follower) Line() int {
	if f.reader == nil {
		return 0
	}
	return f.reader.Line()
}

// Close closes the file.
func (f *Follower) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

func (f *Follower) open() error {
	if f.file != nil {
		return nil
	}
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return io.EOF
	}
	if err != nil {
		return fmt.Errorf("following the history: %w", err)
	}
	f.file, f.reader = file, NewReader(file, f.path)
	return nil
}

func (f *Follower) shrunk() error {
	at, err := f.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("following the history: %w", err)
	}
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("following the history: %w", err)
	}
	if info.Size() < at {
		return f.reader.foreign(fmt.Sprintf("the file shrank from %d to %d bytes while it was read", at, info.Size()))
	}
	return nil
}
