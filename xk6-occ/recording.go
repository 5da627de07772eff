package occ

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stall"
)

// recording is the history being written. It is opened by the first operation
// and not before, so that k6 inspect leaves no file.
type recording struct {
	opening sync.Once
	mu      sync.Mutex
	openErr error
	rec     atomic.Pointer[history.Recorder]
	count   atomic.Int64
	failed  atomic.Bool // said that it failed
	owners  owners

	path   string       // of the history; empty: not recorded
	stalls string       // path of what the process sees of its own stalls; empty: not recorded
	now    func() int64 // by the run's clock
	watch  atomic.Pointer[stall.Watch]
}

// record adds an operation; before open, or when nothing is to be recorded, it
// only counts.
func (r *recording) record(op *history.Op) {
	r.count.Add(1)
	r.owners.note(op)
	if rec := r.rec.Load(); rec != nil {
		rec.Record(op)
	}
}

// notWhole is the error of a recording that is not whole. The
// process that started k6 (internal/k6run) finds it in k6's log by its field.
type notWhole struct{ cause error }

func (e notWhole) Error() string { return "the history is not whole: " + e.cause.Error() }

func (e notWhole) Unwrap() error { return e.cause }

// err says why the history is not whole; nil while it is.
func (r *recording) err() error {
	r.mu.Lock()
	openErr := r.openErr
	r.mu.Unlock()
	rec := r.rec.Load()
	switch {
	case openErr != nil:
		return notWhole{openErr}
	case rec == nil:
		return nil
	case rec.Err() != nil:
		return notWhole{rec.Err()}
	case rec.Dropped() > 0:
		return notWhole{fmt.Errorf("the disk is too slow, %d operations are missing", rec.Dropped())}
	}
	return nil
}

// close writes what is waiting. It may be called again.
func (r *recording) close() error {
	if rec := r.rec.Load(); rec != nil {
		_ = rec.Close() // err tells it too, and what was dropped
	}
	err := r.err()
	if w := r.watch.Load(); w != nil && err == nil {
		if failed := w.Close(); failed != nil {
			err = notWhole{fmt.Errorf("writing %s: %w", r.stalls, failed)}
		}
	}
	return err
}

// open opens the history when that has not been done. Where it is to be, and the
// stalls, is found by paths, which is called once; empty: nothing is recorded.
func (r *recording) open(paths func() (history, stalls string, err error)) error {
	r.opening.Do(func() {
		var err error
		r.path, r.stalls, err = paths()
		if err == nil && r.path != "" {
			var file *os.File
			if file, err = createFile(r.path); err == nil {
				r.rec.Store(history.NewRecorder(file, history.RecorderOptions{}))
				err = r.startWatch()
			}
		}
		if err != nil {
			r.mu.Lock()
			r.openErr = err
			r.mu.Unlock()
		}
	})
	return r.err()
}

// startWatch begins to record when the process itself did not run.
func (r *recording) startWatch() error {
	if r.stalls == "" {
		return nil
	}
	file, err := createFile(r.stalls)
	if err != nil {
		return err
	}
	r.watch.Store(stall.NewWatch(file, r.now))
	return nil
}

// createFile opens a file for appending, and refuses one that is not empty: it holds the evidence
// of another run.
func createFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		err = fmt.Errorf("%s is not empty", path)
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return file, nil
}
