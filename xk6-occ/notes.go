package occ

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/occbench/occbench/internal/ux"
)

// notes is the record of what browsers saw, one JSON object per line, in the file that
// OCC_UX names. They are few, so every line goes straight to the disk.
type notes struct {
	mu   sync.Mutex
	file *os.File
	err  error
	size int64
}

// The limits of the notes: what a page says goes into them.
const (
	maxNote  = 256 << 10
	maxNotes = 256 << 20
)

func (n *notes) add(path string, line []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.file == nil && n.err == nil {
		if n.file, n.err = createFile(path); n.err == nil {
			_, n.err = n.file.WriteString(ux.Head + "\n")
		}
	}
	n.size += int64(len(line)) + 1
	switch {
	case n.err != nil:
		return n.err
	case len(line) > maxNote:
		return fmt.Errorf("a line of %d bytes is longer than %d", len(line), maxNote)
	case n.size > maxNotes:
		return errors.New("the notes are larger than 256 MiB")
	}
	_, n.err = n.file.Write(append(line, '\n'))
	return n.err
}
