package ux

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line in bytes: a page may be of any origin.
const maxLine = 1 << 20

// Read measures a file; name is how errors call it. A last line without its
// line end was cut off and is left out.
func Read(r io.Reader, name string) (Numbers, error) {
	lines := bufio.NewReaderSize(r, 64<<10)
	m := New()
	for n := 1; ; n++ {
		text, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return m.Numbers(), nil
		}
		if err == nil {
			err = m.add(text)
		}
		if err != nil {
			return Numbers{}, fmt.Errorf("reading %s:%d: %w", name, n, err)
		}
	}
}

// readLine returns the next whole line without its end.
func readLine(r *bufio.Reader) ([]byte, error) {
	var whole []byte
	for {
		part, err := r.ReadSlice('\n')
		whole = append(whole, part...)
		switch {
		case len(whole) > maxLine:
			return nil, fmt.Errorf("the line is longer than %d bytes", maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return nil, err // a line that was cut off, too, is the end
		}
		return bytes.TrimSuffix(whole, []byte("\n")), nil
	}
}

func (m *Measure) add(text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	switch l.What {
	case whatHead:
		if l.Format > Format {
			return fmt.Errorf("the file is of format %d, this occbench reads up to %d; use a newer occbench", l.Format, Format)
		}
	case whatGesture:
		m.AddGesture(l.Person, &l.Gesture)
	case whatPage:
		m.addPage(l.Person, l.page)
	case whatFailure:
		m.addFailure(l.Person, l.Why)
	default:
		return fmt.Errorf("what %.40q is none of gesture, page, failure", l.What)
	}
	return nil
}
