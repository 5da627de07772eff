package k6import

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// mostBytes bounds what is read of a file: a few kilobytes of gzip can hold
// more than a disk.
const mostBytes = 64 << 30

var errLong = fmt.Errorf("the line is longer than %d KiB", maxLine>>10)

// lines reads a text line by line and knows where it is.
type lines struct {
	src  *bufio.Reader
	name string
	line int // of the line last returned, from 1
	left int64
	cut  bool // the text ends within a line, or within its packing
}

// next returns the next line without its end, valid until the next call. A last
// line without its end was cut off: it comes with io.EOF, and cut is set.
func (l *lines) next() ([]byte, error) {
	text, err := l.src.ReadSlice('\n')
	l.left -= int64(len(text))
	if len(text) > 0 {
		l.line++
	}
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return text, l.wrapError(errLong)
	case l.left < 0:
		return nil, l.wrapError(fmt.Errorf("the file is larger than %d GiB", mostBytes>>30))
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		l.cut = len(text) > 0 || err != io.EOF
		return text, io.EOF
	case err != nil:
		return nil, l.wrapError(err)
	}
	return bytes.TrimSuffix(text[:len(text)-1], []byte{'\r'}), nil
}

// wrapError returns an error with the number of the line that was returned last.
func (l *lines) wrapError(err error) error {
	return fmt.Errorf("reading %s:%d: %w", l.name, max(l.line, 1), err)
}

// maxLine is the size in bytes from which a line of points is refused.
const maxLine = 1 << 20
