package history

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// RecorderOptions are the limits of a Recorder; zero means the default.
type RecorderOptions struct {
	Limit int           // bytes that may wait for the disk; default 32 MiB, at least 64 KiB
	Flush time.Duration // how long an operation waits for more before it is written; default 1 s
}

const (
	defaultLimit = 32 << 20
	chunkSize    = 32 << 10
	minChunks    = 2 // one is written while the other is filled
)

// Recorder writes the operations of many goroutines to one history, in the
// order in which they are recorded.
//
// Recording never waits for the disk: a line goes into the current chunk of
// memory, and full chunks go to one goroutine that writes them. When the disk
// falls behind by more than the limit, operations are dropped and counted; a
// history with a gap proves nothing, so the count voids the run instead of
// slowing down the operators and with them the measurement.
//
// Lines, not operations, are kept: they are smaller, and they hold on to
// nothing of the caller's.
type Recorder struct {
	w    io.WriteCloser
	full chan []byte // in the order of recording; has room for every chunk
	free chan []byte
	done chan struct{}

	mu      sync.Mutex
	chunk   []byte // being filled; nil when there is none
	unmade  int    // how many chunks that may still be allocated
	dropped int64
	err     error
	closed  bool
}

// NewRecorder starts a recorder, which owns w from now on. The header is
// written at once. Close must be called.
func NewRecorder(w io.WriteCloser, opts RecorderOptions) *Recorder {
	if opts.Limit == 0 {
		opts.Limit = defaultLimit
	}
	if opts.Flush <= 0 {
		opts.Flush = time.Second
	}
	chunks := max(opts.Limit/chunkSize, minChunks)
	r := &Recorder{
		w: w, unmade: chunks,
		full: make(chan []byte, chunks), free: make(chan []byte, chunks), done: make(chan struct{}),
	}
	go r.write(opts.Flush)
	return r
}

// Record adds one operation. It copies what it needs and never blocks on the
// writer. An operation that breaks a rule of the format, which could not be
// read back, is dropped and becomes the error of Err.
func (r *Recorder) Record(o *Op) {
	if reason := o.Unrecordable(); reason != "" {
		r.refuse(o, reason)
		return
	}
	var room [512]byte // on the stack; a longer line costs an allocation
	line := AppendOp(room[:0], o)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(line)
}

// Err returns what went wrong first: the error of a write, or an operation
// that could not be recorded. After a failed write nothing more is written;
// what was written stays and is readable.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Dropped returns how many recorded operations are, for certain, not in the
// file. It is final after Close: the operations recorded are those in the file
// and those dropped.
func (r *Recorder) Dropped() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dropped
}

// Close writes what is waiting, which may take as long as the disk takes,
// closes the writer and returns the first error. Operations recorded
// afterwards are dropped and counted.
func (r *Recorder) Close() error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		r.hand()
		close(r.full)
	}
	r.mu.Unlock()
	<-r.done
	return r.Err()
}

// add appends a line to the current chunk; the caller holds the lock.
func (r *Recorder) add(line []byte) {
	if r.closed {
		r.dropped++
		return
	}
	if r.chunk != nil && cap(r.chunk)-len(r.chunk) < len(line) {
		r.hand()
	}
	if r.chunk == nil && !r.fetch() {
		r.dropped++
		return
	}
	r.chunk = append(r.chunk, line...)
}

// hand gives the current chunk to the writing goroutine; the caller holds the
// lock. The channel has room for all chunks there are, so this never blocks.
func (r *Recorder) hand() {
	if len(r.chunk) > 0 {
		r.full <- r.chunk
		r.chunk = nil
	}
}

// fetch gets an empty chunk; the caller holds the lock.
func (r *Recorder) fetch() bool {
	select {
	case r.chunk = <-r.free:
		return true
	default:
	}
	if r.unmade == 0 {
		return false
	}
	r.unmade--
	r.chunk = make([]byte, 0, chunkSize)
	return true
}

func (r *Recorder) refuse(o *Op, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropped++
	if r.err == nil {
		r.err = fmt.Errorf("recording a %s of operator %d: %s", o.Kind, o.Operator, reason)
	}
}
