package run

import "fmt"

// fileError says what is wrong with a file's content. Line and column count
// from 1, the column in bytes; line 0 is the file as a whole.
type fileError struct {
	path         string
	line, column int
	reason       string
}

func (e *fileError) Error() string {
	if e.line == 0 {
		return fmt.Sprintf("reading %s: %s", e.path, e.reason)
	}
	return fmt.Sprintf("reading %s:%d:%d: %s", e.path, e.line, e.column, e.reason)
}
