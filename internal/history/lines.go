package history

import (
	"fmt"
	"io"
	"slices"
)

// ReadLines reads a history again for the operations on the given lines, in
// any order and with repetitions: the i-th operation is the one on lines[i]. A
// judgement keeps line numbers instead of operations, and draws its proofs with
// this second pass.
//
// Lines between them are skipped unread. A line that does not exist is an error.
func ReadLines(src io.Reader, name string, lines []int) ([]Op, error) {
	wanted := slices.Compact(slices.Sorted(slices.Values(lines)))
	found, err := NewReader(src, name).readLines(wanted)
	if err != nil {
		return nil, err
	}
	ops := make([]Op, len(lines))
	for i, line := range lines {
		at, _ := slices.BinarySearch(wanted, line)
		ops[i] = found[at]
	}
	return ops, nil
}

// readLines wants its lines ascending and distinct.
func (r *Reader) readLines(lines []int) ([]Op, error) {
	ops := make([]Op, len(lines))
	for i, line := range lines {
		if line < 2 {
			return nil, fmt.Errorf("reading %s:%d: the first operation is on line 2", r.name, line)
		}
		err := r.skip(line)
		if err == nil {
			err = r.Read(&ops[i])
		}
		if err == io.EOF {
			return nil, fmt.Errorf("reading %s:%d: the file ends at line %d", r.name, line, r.line)
		}
		if err != nil {
			return nil, err
		}
	}
	return ops, nil
}

// skip passes over the lines before the given one, of which only the header is
// looked at.
func (r *Reader) skip(line int) error {
	for r.line < line-1 {
		take := r.take
		if r.line == 0 {
			take = r.header
		}
		if _, err := take(); err != nil {
			return err
		}
	}
	return nil
}
