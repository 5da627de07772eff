package watch

import (
	"errors"
	"io"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// recording follows the history of a run that is under way. Each operation is
// decoded once; what began before the watermark is judged, and the rest waits.
//
// What is recorded at a look is a choice that the server made: of a server that
// takes five seconds for every tenth update, the first five seconds show nothing
// but quick ones. Bounds that hold at every look take the updates in the order in
// which they began, without a gap.
type recording struct {
	dir      run.Dir
	follower *history.Follower
	stalls   *run.StallFollower
	mark     *watermark
	moment   int64 // the watermark of the last look, ns since the run's base

	all     *measure.Measure // of what was read; nil: it is not asked for
	begun   *measure.Measure // of what began before the watermark; nil: it is not asked for
	checker *check.Watch     // of what was over by the watermark
	waiting []waiting        // in the order of the file
}

// waiting is an operation that is not wholly before the watermark.
type waiting struct {
	op    history.Op
	line  int
	begun bool // it is measured already
}

func followRecording(o *Options) *recording {
	stalls := o.Dir.FollowStalls()
	options := evidence.MeasureOptions(o.Policy, o.Manifest, stalls.List)
	if o.API != nil {
		options.States = &o.API.States
	}
	r := &recording{
		dir: o.Dir, follower: history.Follow(o.Dir.File(run.HistoryFile)), stalls: stalls, mark: newWatermark(&o.Manifest.Spec),
		checker: check.NewWatch(check.Options{API: o.API, Shared: o.Manifest.Spec.SharedRecords}),
	}
	if o.Manifest.Spec.UntilDecided || o.Shown {
		r.all = measure.New(options)
	}
	if o.Manifest.Spec.UntilDecided {
		r.begun = measure.New(options)
	}
	return r
}

// read takes in what was recorded since the last look. The stalls are read last:
// what is before the watermark began long enough ago to have all of its stalls
// here.
func (r *recording) read() error {
	var op history.Op
	for {
		err := r.follower.Read(&op)
		if err == io.EOF {
			return r.stalls.Read()
		}
		if err != nil {
			return err
		}
		r.take(&op, r.follower.Line())
	}
}

// take takes in one operation.
func (r *recording) take(op *history.Op, line int) {
	if r.all != nil {
		r.all.Add(op)
	}
	r.mark.add(op)
	r.waiting = append(r.waiting, waiting{op: *op, line: line})
}

// advance judges what is before the watermark now.
func (r *recording) advance(now int64) {
	r.moment = max(r.moment, r.mark.computeAt(now))
	later := r.waiting[:0]
	for i := range r.waiting {
		w := &r.waiting[i] // a copy would be allocated: the judges take a pointer
		if !w.begun && w.op.Start < r.moment {
			w.begun = true
			if r.begun != nil {
				r.begun.Add(&w.op)
			}
		}
		if r.isPast(&w.op) {
			r.checker.Add(&w.op, w.line)
		} else {
			later = append(later, *w)
		}
	}
	clear(r.waiting[len(later):])
	r.waiting = later
}

// isPast reports whether an operation lies before the watermark.
func (r *recording) isPast(op *history.Op) bool { return op.Start < r.moment && op.End <= r.moment }

// replay yields what the checker was given, for the proof of an anomaly.
func (r *recording) replay(yield func(*history.Op, int)) (cut bool, err error) {
	file, err := r.dir.Open(run.HistoryFile)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := history.NewReader(file, file.Name())
	var op history.Op
	for reader.Line() < r.follower.Line() {
		if err := reader.Read(&op); err != nil {
			return false, err
		}
		if r.isPast(&op) {
			yield(&op, reader.Line())
		}
	}
	return false, nil
}

func (r *recording) close() { _, _ = r.follower.Close(), r.stalls.Close() } // they were only read
