package history

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
)

// Source is the history of one generator, to be merged with those of others.
type Source struct {
	io.Reader
	Name      string // in errors
	Generator string // what the last column is going to say
	Shift     int64  // what is added to its times
	Cut       bool   // it may end within a line, which is then left out
}

// Merge writes one history of several, ordered as a single recorder would have: by
// when operations were completed. It holds one buffer a source, however long they are.
//
// A line is copied and not made anew: its times are shifted, all by the same, and its
// last column is filled in. Every operator is of one source; audits are of all.
func Merge(ctx context.Context, dst io.Writer, sources []Source) error {
	m := merger{dst: dst, owners: make(map[int32]*stream), out: make([]byte, 0, 2*flushed)}
	m.out = append(m.out, Header+"\n"...)
	for i := range sources {
		s := &stream{Source: sources[i], r: NewReader(sources[i], sources[i].Name), nth: i}
		s.tail = append(appendText(nil, s.Generator), '\n')
		if err := s.next(); err == nil {
			m.heap = append(m.heap, s)
		} else if err != io.EOF {
			return err
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
	return m.run(ctx)
}

// flushed is from how many bytes on the merged lines are written.
const flushed = 256 << 10

// merger is a heap of streams, of which the one with the earliest line is on top.
type merger struct {
	dst    io.Writer
	heap   []*stream
	owners map[int32]*stream // of operators
	out    []byte
}

func (m *merger) run(ctx context.Context) error {
	for len(m.heap) > 0 {
		s := m.heap[0]
		if err := m.own(s); err != nil {
			return err
		}
		m.out = s.append(m.out)
		if len(m.out) >= flushed {
			if err := m.flush(ctx); err != nil {
				return err
			}
		}
		switch err := s.next(); err {
		case nil:
		case io.EOF:
			last := len(m.heap) - 1
			m.heap[0], m.heap = m.heap[last], m.heap[:last]
		default:
			return err
		}
		m.sink(0)
	}
	return m.flush(ctx)
}

func (m *merger) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := m.dst.Write(m.out); err != nil {
		return fmt.Errorf("writing the merged history: %w", err)
	}
	m.out = m.out[:0]
	return nil
}

// own notes whose operator made a line. Two operators of one number would be one to
// every reader of the history.
func (m *merger) own(s *stream) error {
	if s.operator == 0 || s.operator == s.known {
		return nil
	}
	owner := m.owners[s.operator]
	if owner == nil {
		m.owners[s.operator], owner = s, s
	}
	if owner != s {
		return s.r.foreign(fmt.Sprintf("operator %d is one of generator %s as well", s.operator, owner.Generator))
	}
	s.known = s.operator
	return nil
}

// sink moves a stream down to its place.
func (m *merger) sink(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(m.heap); child++ {
			if m.heap[child].before(m.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

// stream is a source and the line of it that is next.
type stream struct {
	Source
	r    *Reader
	nth  int
	tail []byte // the last column, with the line's end

	completed             int64 // when it was, or the line before it if that is later; shifted
	start, end, scheduled int64
	operator, known       int32
	rest                  []byte // from the operator on, without the last column
}

func (s *stream) before(other *stream) bool {
	return cmp.Or(cmp.Compare(s.completed, other.completed), cmp.Compare(s.nth, other.nth)) < 0
}

// next takes a line. An operation without an answer is completed when its recorder
// gave it up, which its place in the file tells.
func (s *stream) next() error {
	line, err := s.r.next()
	if err == io.EOF && s.r.Truncated() && !s.Cut {
		return s.r.foreign("the next line is cut off; the generator was killed or its disk was full")
	}
	if err != nil {
		return s.r.keep(err)
	}
	c := cursor{rest: line}
	s.start = c.number(colStart, 0, math.MaxInt64)
	s.end = c.optional(colEnd, 0, math.MaxInt64, None)
	s.scheduled = c.optional(colScheduled, 0, math.MaxInt64, None)
	s.rest = c.rest
	s.operator = int32(c.number(colOperator, 0, math.MaxInt32))
	if c.bad != 0 {
		return s.r.explain(line, c.bad)
	}
	if s.start+s.Shift < 0 || s.scheduled != None && s.scheduled+s.Shift < 0 {
		return s.r.foreign("its time is before the zero of the run")
	}
	last := bytes.LastIndexByte(s.rest, ',') + 1
	if named := s.rest[last:]; len(named) > 1 && !bytes.Equal(named, s.tail) {
		return s.r.foreign(fmt.Sprintf("it is an operation of generator %q, and the file is that of %s", bytes.TrimSpace(named),
			s.Generator))
	}
	s.rest = s.rest[:last]
	s.completed = max(s.completed, s.start+s.Shift, s.end+s.Shift)
	return nil
}

// append writes the line as it stands in the merged history.
func (s *stream) append(dst []byte) []byte {
	dst = appendNumber(dst, shift(s.start, s.Shift))
	dst = appendNumber(dst, shift(s.end, s.Shift))
	dst = appendNumber(dst, shift(s.scheduled, s.Shift))
	dst = append(dst, s.rest...)
	return append(dst, s.tail...)
}

func shift(at, by int64) int64 {
	if at == None {
		return None
	}
	return at + by
}
