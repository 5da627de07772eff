package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// Reader reads a history operation by operation, with no allocation per
// operation. It is strict: what it accepts is, byte for byte, what AppendOp
// writes. It is not for use by several goroutines at once.
type Reader struct {
	src    io.Reader
	name   string
	buf    []byte // buf[at:] is read but not yet taken
	at     int
	line   int
	cut    bool
	err    error
	texts  interner // ids, states, generators: few
	tokens interner // tokens that are no numbers, and markers: many
	sum    xxhash.Digest
}

// NewReader returns a reader of a history. The name stands in its errors.
func NewReader(src io.Reader, name string) *Reader {
	r := &Reader{src: src, name: name, buf: make([]byte, 0, 64*MaxLine), tokens: interner{many: true}}
	r.sum.Reset()
	return r
}

// Read fills o with the next operation. Its strings are shared between
// operations and stay valid.
//
// The end of the file is io.EOF. A last line without its line end was cut off
// and is not an operation (17 could be the start of 175): Read returns io.EOF
// and Truncated tells. Anything else is an error "reading NAME:LINE: …", which
// is also returned by every later call.
//
// After io.EOF a call reads on where the source has grown.
func (r *Reader) Read(o *Op) error {
	if r.err != nil {
		return r.err
	}
	line, err := r.next()
	if err == nil {
		err = r.decode(line, o)
	}
	return r.keep(err)
}

// Line returns the number of the last complete line, which is the line of the
// operation last read; the header is line 1. When Truncated, the cut-off line
// is the one after it.
func (r *Reader) Line() int { return r.line }

// Truncated reports whether the file, where Read returned io.EOF, ends within
// a line or before the header is complete.
func (r *Reader) Truncated() bool { return r.cut }

// Sum returns the hash of all bytes read so far: after io.EOF, of the file. What
// is concluded from a history names it by its hash.
func (r *Reader) Sum() string { return fmt.Sprintf("xxh64:%016x", r.sum.Sum64()) }

func (r *Reader) keep(err error) error {
	if err != nil && err != io.EOF {
		r.err = err
	}
	return err
}

// next returns the next line after the header, line end included.
func (r *Reader) next() ([]byte, error) {
	if r.line == 0 {
		if _, err := r.header(); err != nil {
			return nil, err
		}
	}
	return r.take()
}

// header takes the first line. Where there is none, because the file is too
// short or its first line too long, what is there must be the start of one.
func (r *Reader) header() ([]byte, error) {
	line, err := r.take()
	var foreign *foreignError
	if err == io.EOF && !strings.HasPrefix(Header, string(r.buf[r.at:])) || errors.As(err, &foreign) {
		r.line, line, err = 1, r.buf[r.at:], nil
	}
	if err == nil && string(line) == Header+"\r\n" {
		return nil, r.foreign("its lines end in CRLF, want LF (git: core.autocrlf)")
	}
	if err == nil && string(line) == formerHeader+"\n" {
		return nil, r.foreign(
			fmt.Sprintf("it is a history of format 1 or 2, and this occbench reads format %d; judge it with the version that recorded it "+
				"(tool_version in its manifest.json)", Format),
		)
	}
	if err == nil && string(line) != Header+"\n" {
		return nil, r.foreign(fmt.Sprintf("%.80q is not the header of a history of format %d, want %q",
			bytes.TrimSuffix(line, []byte{'\n'}), Format, Header))
	}
	return line, err
}

// take returns the next complete line and counts it. The slice is valid until
// the next call.
func (r *Reader) take() ([]byte, error) {
	seen := 0
	for {
		rest := r.buf[r.at:]
		i := bytes.IndexByte(rest[seen:], '\n')
		if i < 0 {
			i, seen = len(rest), len(rest)
		} else if i += seen; i < MaxLine {
			r.at += i + 1
			r.line++
			r.cut = false
			return rest[:i+1], nil
		}
		if i >= MaxLine {
			r.line++
			return nil, r.foreign(fmt.Sprintf("the line is longer than %d bytes", MaxLine))
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// fill reads more behind what is not yet taken; it returns no error as long as
// it got something.
func (r *Reader) fill() error {
	n := copy(r.buf[:cap(r.buf)], r.buf[r.at:])
	r.buf, r.at = r.buf[:n], 0
	for range 100 {
		got, err := r.src.Read(r.buf[n:cap(r.buf)])
		if got > 0 {
			r.buf = r.buf[:n+got]
			_, _ = r.sum.Write(r.buf[n:]) // it has no errors
			return nil
		}
		if err == io.EOF {
			r.cut = n > 0 || r.line == 0
			return io.EOF
		}
		if err != nil {
			return fmt.Errorf("reading %s:%d: %w", r.name, r.line+1, err)
		}
	}
	return fmt.Errorf("reading %s:%d: %w", r.name, r.line+1, io.ErrNoProgress)
}

// foreign is the error of the line last taken.
func (r *Reader) foreign(reason string) error {
	return &foreignError{name: r.name, line: r.line, reason: reason}
}

// foreignError says that a file is not, or no longer, a history.
type foreignError struct {
	name   string
	line   int
	reason string
}

func (e *foreignError) Error() string {
	return fmt.Sprintf("reading %s:%d: %s", e.name, e.line, e.reason)
}
