package clocks

import (
	"errors"
	"io"
	"math"

	"github.com/occbench/occbench/internal/history"
)

// Source is the history of one generator.
type Source struct {
	Generator string
	Open      func() (io.ReadCloser, error)
	Path      string // stands in errors

	// Base is the wall clock at zero of the history's clock, in ns. It says where to look
	// first and bounds nothing.
	Base int64
}

// Options say what is known of the tokens.
type Options struct {
	// Counting says that tokens count by one, so that a confirmed update is the only maker of
	// its token. Others may come back, and only markers say who made what was seen.
	Counting bool
}

// Learn reads the histories of all generators once, in step, and returns what they say of
// the clocks. The first one's clock is the reference. A history that is cut off is read as
// far as it goes. The memory that it takes does not grow with the histories.
func Learn(sources []Source, options Options) (*Bounds, error) {
	streams := make([]*stream, len(sources))
	f := newFlow(len(sources), options.Counting)
	for i := range sources {
		s, err := openStream(&sources[i])
		if err != nil {
			return nil, errors.Join(err, closeAll(streams[:i]))
		}
		streams[i] = s
		f.shift[i] = sources[i].Base - sources[0].Base
	}
	err := errors.Join(f.readAll(streams), closeAll(streams))
	if err != nil {
		return nil, err
	}
	b := f.solve()
	for i := range sources {
		b.Generators[i].Name = sources[i].Generator
	}
	for i := range b.Void {
		for _, g := range b.Void[i].members {
			b.Void[i].Generators = append(b.Void[i].Generators, sources[g].Generator)
		}
	}
	return b, nil
}

// slice is how much of the histories is taken from one before the next, in ns.
const slice = 50_000_000

// readAll takes the operations of all histories, a short stretch of time after the other.
func (f *flow) readAll(streams []*stream) error {
	for {
		until := int64(math.MaxInt64)
		for g, s := range streams {
			if o := s.peek(); o != nil {
				until = min(until, endOf(o)+f.shift[g])
			} else if s.err != io.EOF {
				return s.err
			}
		}
		if until == math.MaxInt64 {
			return nil
		}
		for g, s := range streams {
			for o := s.peek(); o != nil && endOf(o)+f.shift[g] <= until+slice; o = s.peek() {
				f.take(g, o)
				s.at++
			}
		}
	}
}

// endOf returns when an operation was written down, about.
func endOf(o *history.Op) int64 { return max(o.Start, o.End) }

// stream decodes a history on another processor.
type stream struct {
	file       io.Closer
	free, full chan *batch
	now        *batch
	at         int
	err        error // why there is no more
}

type batch struct {
	ops []history.Op
	err error
}

func openStream(from *Source) (*stream, error) {
	const many, size = 3, 1 << 9
	file, err := from.Open()
	if err != nil {
		return nil, err
	}
	s := &stream{file: file, free: make(chan *batch, many), full: make(chan *batch, many), now: &batch{}}
	for range many {
		s.free <- &batch{ops: make([]history.Op, 0, size)}
	}
	r := history.NewReader(file, from.Path)
	go func() {
		defer close(s.full)
		for b := range s.free {
			for b.ops = b.ops[:0]; len(b.ops) < size && b.err == nil; {
				b.ops = b.ops[:len(b.ops)+1]
				b.err = r.Read(&b.ops[len(b.ops)-1])
			}
			if b.err != nil {
				b.ops = b.ops[:len(b.ops)-1]
			}
			if s.full <- b; b.err != nil {
				return
			}
		}
	}()
	return s, nil
}

// peek returns the next operation; nil where there is none.
func (s *stream) peek() *history.Op {
	for s.at == len(s.now.ops) && s.err == nil {
		if s.now.ops != nil {
			s.free <- s.now
		}
		s.now, s.at = <-s.full, 0
		s.err = s.now.err
	}
	if s.at == len(s.now.ops) {
		return nil
	}
	return &s.now.ops[s.at]
}

// closeAll ends the streams and closes their files.
func closeAll(streams []*stream) (err error) {
	for _, s := range streams {
		close(s.free)
		for range s.full { // the decoder ends
		}
		err = errors.Join(err, s.file.Close())
	}
	return err
}
