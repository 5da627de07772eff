package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"
)

// write is the goroutine that alone touches the writer: it writes full chunks
// as they come, and what there is of one as often as every says.
func (r *Recorder) write(every time.Duration) {
	defer close(r.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	_, err := r.put([]byte(Header + "\n"))
	for {
		select {
		case chunk, open := <-r.full:
			if !open {
				r.finish(err)
				return
			}
			err = r.spend(chunk, err)
		case <-tick.C:
			r.flush()
		}
	}
}

// flush hands over a chunk that is not full. With a backlog it would arrive no
// earlier and only waste the room that is left in it.
func (r *Recorder) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.full) == 0 {
		r.hand()
	}
}

// spend writes a chunk and frees it. After a failed write the rest is only
// counted: writing on behind a cut-off line would spoil the file. Without a
// failure it stays away from the lock, for which twenty operators queue.
func (r *Recorder) spend(chunk []byte, failed error) error {
	written, err := 0, failed
	if failed == nil {
		written, err = r.put(chunk)
	}
	if err != nil {
		r.lose(bytes.Count(chunk[written:], []byte{'\n'}))
	}
	r.free <- chunk[:0]
	return err
}

func (r *Recorder) lose(ops int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropped += int64(ops)
}

// put writes to the end or fails, and says how many bytes came through.
func (r *Recorder) put(data []byte) (int, error) {
	n, err := r.w.Write(data)
	n = min(max(n, 0), len(data))
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	r.fail(err)
	return n, err
}

// finish brings the file to the disk and closes it. Where the writer is a pipe
// or a device, there is nothing to bring.
func (r *Recorder) finish(failed error) {
	if file, ok := r.w.(interface{ Sync() error }); ok && failed == nil {
		if err := file.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
			r.fail(err)
		}
	}
	r.fail(r.w.Close())
}

func (r *Recorder) fail(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = fmt.Errorf("recording the history: %w", err)
	}
}
